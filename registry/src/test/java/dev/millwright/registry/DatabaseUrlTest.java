package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    @ParameterizedTest
    @CsvSource({
        "postgresql://db/mw, postgresql://db:5432/mw",
        "postgres://ana@db:5433/mw, postgresql://ana@db:5433/mw",
        "jdbc:postgresql://db/mw?user=ana&password=s3cret, postgresql://ana@db:5432/mw",
        "postgresql://ana:s3cret@db/mw?sslmode=require&currentSchema=ml, postgresql://ana@db:5432/mw?currentSchema=ml&sslmode=require",
        "postgresql:///mw, postgresql://localhost:5432/mw",
        "postgresql://a%40b@[::1]/m%20w, postgresql://a%40b@[::1]:5432/m%20w",
    })
    void readsBothForms_andPrintsNoPassword(String text, String printed) {
        DatabaseUrl url = DatabaseUrl.parse(text);
        assertThat(url).hasToString(printed);
        assertThat(DatabaseUrl.parse(printed)).hasToString(printed);
    }

    @Test
    void decodesThePassword() {
        assertThat(DatabaseUrl.parse("postgresql://ana:a%3Ab%2F+c@db/mw").password())
                .contains("a:b/+c");
        assertThat(DatabaseUrl.parse("postgresql://ana:a:b@db/mw").password()).contains("a:b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mysql://ana:s3cret@db/mw",
                "postgresql://ana:s3cret@db",
                "postgresql://ana:s3cret@db/",
                "postgresql://ana:s3cret@db/a/b",
                "postgresql://ana:s3cret@one,two/mw",
                "postgresql://ana:s3 cret@db/mw",
                "postgresql://ana:s3cret@db/mw?sslmode",
                "postgresql://ana:s3cret%@db/mw",
                "/var/lib/state.db"
            })
    void refusesWhatIsNone_withoutRepeatingIt(String text) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("(expected: postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
                .hasMessageNotContaining("cret");
    }

    @Test
    void refusesOptionsThatCouldLoadCode_withASuggestion() {
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://db/mw?socketFactory=evil.Factory"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("option 'socketFactory'");
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://db/mw?sslmod=require"))
                .hasMessageContaining("Did you mean 'sslmode'?");
    }
}
