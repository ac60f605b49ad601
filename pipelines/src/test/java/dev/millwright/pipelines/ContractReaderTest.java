package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.Problem;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.Contract;
import dev.millwright.data.ContractChange.Kind;
import dev.millwright.data.Evolution;
import dev.millwright.data.Evolution.Permission;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.OtherColumns;
import dev.millwright.data.Privacy;
import dev.millwright.data.ValueRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContractReaderTest {
    private static String pipeline(String source) {
        return """
                pipeline: p
                data:
                  orders:
                    from: orders.csv
                %s
                features: {sql: SELECT id FROM orders}
                label: churned
                """.formatted(source.indent(4).stripTrailing());
    }

    private static Contract read(String source) {
        PipelineFile file = PipelineReader.read("p.yaml", pipeline(source), Map.of());
        return Objects.requireNonNull(file.data().get("orders")).contract();
    }

    private static List<String> problems(String source) {
        return catchThrowableOfType(
                        InvalidInputException.class, () -> PipelineReader.read("p.yaml", pipeline(source), Map.of()))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void readsNowAsABound_withWhatClocksMayDiffer() {
        assertThat(read("schema: {at: {type: timestamp, max: now}, sent: {type: timestamp, max: now + 5m}}")
                        .columns())
                .flatExtracting(ColumnContract::promises)
                .containsExactly("at <= now", "sent <= now + 5m");
        assertThat(problems("schema: {at: {type: timestamp, min: now, max: now + soon}}"))
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("schema.at.min: now (expected: a date or time such as"),
                        problem -> assertThat(problem).contains("schema.at.max: soon (expected: a duration such as"));
    }

    @Test
    void readsAllThatAColumnPromises() {
        Contract contract = read("""
                other_columns: refuse
                schema:
                  id: bigint
                  price:
                    type: double
                    required: true
                    unit: EUR
                    min: 0
                    max: 1e6
                    description: before tax
                  status: {type: varchar, values: [open, shut]}
                  email: {personal: true, type: text, pattern: ".+@.+"}
                  day: {type: timestamp, min: 2020-01-01}
                  churned: {type: boolean, known_after: 30d}
                  refund: {known_after: refunded_at}
                """);

        assertThat(contract.others()).isEqualTo(OtherColumns.REFUSE);
        assertThat(contract.columns())
                .containsExactly(
                        ColumnContract.of("id", ColumnType.BIGINT),
                        new ColumnContract(
                                "price",
                                Optional.of(ColumnType.DOUBLE),
                                List.of(
                                        new ValueRule.Required(),
                                        new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, new Value.Numeral("0")),
                                        new ValueRule.Bound(Comparator.LESS_OR_EQUAL, new Value.Numeral("1e6"))),
                                Optional.of("EUR"),
                                Optional.of("before tax"),
                                Privacy.ORDINARY,
                                Optional.empty()),
                        ColumnContract.of("status", ColumnType.VARCHAR)
                                .withRules(
                                        new ValueRule.OneOf(List.of(new Value.Text("open"), new Value.Text("shut")))),
                        ColumnContract.of("email", ColumnType.VARCHAR)
                                .withRules(new ValueRule.Matches(".+@.+"))
                                .withPrivacy(Privacy.PERSONAL),
                        ColumnContract.of("day", ColumnType.TIMESTAMP)
                                .withRules(
                                        new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, new Value.Time("2020-01-01"))),
                        ColumnContract.of("churned", ColumnType.BOOLEAN)
                                .withKnownAfter(new KnownAfter.After(Duration.ofDays(30))),
                        new ColumnContract(
                                "refund",
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Privacy.ORDINARY,
                                Optional.of(new KnownAfter.At("refunded_at"))));
    }

    @Test
    void namesThePlaceOfEachMistake() {
        assertThat(problems("""
                schema:
                  a: {type: bigint, min: 5, max: 4}
                  b: {type: double, max: ten}
                  c: {type: timestamp, min: 2020-02-30}
                  d: {values: [1, 2]}
                  e: {type: varchar, min: 3}
                  f: {type: varchar, require: true}
                  g: {type: boolean, values: [yes]}
                  h: {type: bigint, values: []}
                  i: {known_after: 7 weeks}
                  j: {personal: perhaps}
                  k: {type: dubble, min: 1}
                other_columns: allow
                """))
                .containsExactly(
                        "p.yaml:6:25: data.orders.schema.a.min: 5 (expected: at most max, 4).",
                        "p.yaml:7:30: data.orders.schema.b.max: ten (expected: a number).",
                        "p.yaml:8:33: data.orders.schema.c.min: 2020-02-30 (expected: a date or time such as"
                                + " 2013-01-31 or 2013-01-31 12:00:00).",
                        "p.yaml:9:20: data.orders.schema.d.values: 1, of no type (expected: 'type: …' beside it).",
                        "p.yaml:9:23: data.orders.schema.d.values: 2, of no type (expected: 'type: …' beside it).",
                        "p.yaml:10:31: data.orders.schema.e.min: of a varchar column (expected: a number or"
                                + " timestamp).",
                        "p.yaml:11:26: data.orders.schema.f.require: unknown key. Did you mean 'required'?",
                        "p.yaml:12:35: data.orders.schema.g.values: yes (expected: true or false).",
                        "p.yaml:13:25: data.orders.schema.h.values: none (expected: at least one).",
                        "p.yaml:14:24: data.orders.schema.i.known_after: 7 weeks (expected: a duration such as 30s,"
                                + " 10m, 2h or 1d).",
                        "p.yaml:15:21: data.orders.schema.j.personal: perhaps (expected: true or false).",
                        "p.yaml:16:17: data.orders.schema.k.type: dubble (expected: a type). Did you mean 'double'?",
                        "p.yaml:17:20: data.orders.other_columns: allow (expected: keep or refuse).");
    }

    @Test
    void refusesNoColumn_whereNoneIsNamed() {
        assertThat(problems("other_columns: refuse"))
                .containsExactly("p.yaml:5:5: data.orders.other_columns: refuse, of all columns (expected: a 'schema:'"
                        + " that names those that may be there).");
    }

    @Test
    void readsWhatMayChange() {
        assertThat(read("evolution: {add: refuse, widen: allow, drop: [old, older], unit: []}")
                        .evolution())
                .isEqualTo(new Evolution(Map.of(
                        Kind.ADD, new Permission.Refuse(),
                        Kind.WIDEN, new Permission.Allow(),
                        Kind.DROP, new Permission.Only(List.of("old", "older")),
                        Kind.UNIT, new Permission.Only(List.of()))));
        assertThat(read("schema: {id: bigint}").evolution()).isEqualTo(Evolution.DEFAULT);
        assertThat(problems("evolution: {drop: never, remove: allow, add: {id: allow}}"))
                .containsExactly(
                        "p.yaml:5:23: data.orders.evolution.drop: never (expected: allow, refuse, or a list of columns"
                                + " such as [price]).",
                        "p.yaml:5:30: data.orders.evolution.remove: unknown key. Known: add, drop, narrow, retype,"
                                + " unit, widen.",
                        "p.yaml:5:50: data.orders.evolution.add: a mapping (expected: one value).");
    }
}
