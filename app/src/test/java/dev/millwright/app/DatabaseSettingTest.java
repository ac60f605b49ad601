package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseSettingTest {
    private static final Map<String, String> SET = Map.of("MILLWRIGHT_DATABASE", "postgresql://db/environment");

    @Test
    void theOptionCountsMoreThanTheEnvironment() {
        assertThat(DatabaseSetting.of("postgresql://db/option", SET))
                .map(Object::toString)
                .contains("postgresql://db:5432/option");
        assertThat(DatabaseSetting.of(null, SET)).map(Object::toString).contains("postgresql://db:5432/environment");
        assertThat(DatabaseSetting.of(null, Map.of("MILLWRIGHT_DATABASE", " "))).isEmpty();
    }

    @Test
    void refusesWhatIsNoAddress() {
        assertThatThrownBy(() -> DatabaseSetting.of("/var/lib/state.db", Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("database: not the address of a database");
    }
}
