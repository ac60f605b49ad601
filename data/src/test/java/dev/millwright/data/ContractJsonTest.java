package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractJsonTest {
    private static final Contract CONTRACT = new Contract(
            List.of(
                    new ColumnContract(
                            "Preis \"netto\", €",
                            Optional.of(ColumnType.DOUBLE),
                            List.of(
                                    new ValueRule.Required(),
                                    new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, new Value.Numeral("0.10")),
                                    new ValueRule.Bound(Comparator.LESS, new Value.Numeral("1e6")),
                                    new ValueRule.OneOf(List.of(new Value.Numeral("9007199254740993")))),
                            Optional.of("EUR"),
                            Optional.of("before tax"),
                            Privacy.PERSONAL,
                            Optional.of(new KnownAfter.After(Duration.ofDays(30)))),
                    ColumnContract.of("s", ColumnType.VARCHAR)
                            .withRules(
                                    new ValueRule.OneOf(List.of(new Value.Text("it's"), new Value.Text(""))),
                                    new ValueRule.Matches("\\d+"))
                            .withKnownAfter(new KnownAfter.At("t")),
                    ColumnContract.of("b", ColumnType.BOOLEAN)
                            .withRules(new ValueRule.OneOf(List.of(new Value.Truth(true)))),
                    ColumnContract.of("t", ColumnType.TIMESTAMP)
                            .withRules(
                                    new ValueRule.Bound(Comparator.GREATER, new Value.Time("2020-01-01 00:00:00+02")),
                                    new ValueRule.Bound(
                                            Comparator.LESS_OR_EQUAL, new Value.Now(Duration.ofMinutes(5)))),
                    new ColumnContract(
                            "free",
                            Optional.empty(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty(),
                            Privacy.ORDINARY,
                            Optional.empty())),
            OtherColumns.REFUSE);

    @Test
    void readsBackWhatItWrote() {
        assertThat(ContractJson.read(ContractJson.write(CONTRACT))).isEqualTo(CONTRACT);
        assertThat(ContractJson.read(ContractJson.write(Contract.NONE))).isEqualTo(Contract.NONE);
    }

    @Test
    void tellsPeopleWhatIsPromised() {
        assertThat(CONTRACT.columns().getFirst().promises())
                .containsExactly(
                        "\"Preis \"\"netto\"\", €\" is not null",
                        "\"Preis \"\"netto\"\", €\" >= 0.10",
                        "\"Preis \"\"netto\"\", €\" < 1e6",
                        "\"Preis \"\"netto\"\", €\" in (9007199254740993)",
                        "unit: EUR",
                        "personal",
                        "known after 30d");
        assertThat(CONTRACT.find("S").orElseThrow().promises())
                .containsExactly("s in ('it''s', '')", "s matches '\\d+'", "known at t");
    }

    @Test
    void leavesOutWhatIsNoPromise() {
        Contract changing = CONTRACT.withEvolution(
                new Evolution(Map.of(ContractChange.Kind.DROP, new Evolution.Permission.Allow())));
        assertThat(ContractJson.write(changing)).isEqualTo(ContractJson.write(CONTRACT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "{\"columns\": [{}], \"other_columns\": \"keep\"}",
                "{\"columns\": [{\"name\": \"a\", \"type\": \"no\"}], \"other_columns\": \"keep\"}",
                "{\"columns\": [{\"name\": \"a\", \"known_after\": \"later\"}], \"other_columns\": \"keep\"}",
                "{\"columns\": [{\"name\": \"a\", \"rules\": [{\"rule\": \"~\"}]}], \"other_columns\": \"keep\"}",
                "{\"columns\": [{\"name\": \"a\", \"rules\": [{\"rule\": \">\"}]}], \"other_columns\": \"keep\"}"
            })
    void saysThatItCantReadAnythingElse(String json) {
        assertThatThrownBy(() -> ContractJson.read(json))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.LAKE_FAILED))
                .hasMessageContaining("contract: can't be read");
    }
}
