package dev.millwright.registry;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class PostgresDatasetTest extends DatasetContract {
    @TempDir
    Path home;

    @Override
    Registry open() {
        return Registry.open(home, RegistryOptions.at(PostgresForTests.emptySchema()), clock);
    }
}
