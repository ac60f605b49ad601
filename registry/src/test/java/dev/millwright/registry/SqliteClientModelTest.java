package dev.millwright.registry;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteClientModelTest extends ClientModelContract {
    @TempDir
    Path home;

    @Override
    Registry open() {
        return Registry.open(home, clock);
    }
}
