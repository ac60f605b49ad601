package dev.millwright.registry;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatasetTest extends DatasetContract {
    @TempDir
    Path home;

    @Override
    Registry open() {
        return Registry.open(home, clock);
    }
}
