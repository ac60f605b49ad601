package dev.millwright.registry;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class PostgresSearchTest extends SearchContract {
    @TempDir
    Path home;

    @Override
    Registry open() {
        return Registry.open(home, Optional.of(PostgresForTests.emptySchema()), clock);
    }
}
