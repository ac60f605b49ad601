package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteAccessTest extends AccessContract {
    @TempDir
    Path home;

    @Override
    Registry open() {
        return Registry.open(home, clock);
    }

    @Test
    void aTokenOutlivesTheProcess_butNotItsTime() {
        registry.users().add("ana", Role.EDITOR, PASSWORD);
        String secret = registry.tokens()
                .issue("ana", AccessToken.Kind.PERSONAL, "ci", TokenScope.EDITOR, Duration.ofDays(1))
                .secret();
        registry.close();
        registry = open();
        assertThat(registry.tokens().authenticate(secret)).isPresent();
        clock.advance(Duration.ofDays(1));
        assertThat(registry.tokens().authenticate(secret)).isEmpty();
    }
}
