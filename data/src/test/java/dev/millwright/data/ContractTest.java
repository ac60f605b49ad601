package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {
    private static final Contract ORDERS = Contract.of(
            ColumnContract.of("id", ColumnType.BIGINT).withRules(new ValueRule.Required()),
            ColumnContract.of("amount", ColumnType.DOUBLE).withRules(atLeast("0"), atMost("1000")),
            ColumnContract.of("status", ColumnType.VARCHAR)
                    .withRules(new ValueRule.OneOf(List.of(new Value.Text("open"), new Value.Text("it's")))),
            ColumnContract.of("zip", ColumnType.VARCHAR).withRules(new ValueRule.Matches("[0-9]{5}")));

    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void open() {
        bench = new Workbench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static ValueRule atLeast(String digits) {
        return new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, new Value.Numeral(digits));
    }

    private static ValueRule atMost(String digits) {
        return new ValueRule.Bound(Comparator.LESS_OR_EQUAL, new Value.Numeral(digits));
    }

    private SourceSpec orders(String format) {
        String csv = """
                id,amount,status,zip
                1,0,open,01234
                2,1000,it's,
                ,5,open,01234
                4,-0.5,shut,1234
                5,x,,01234
                """;
        return switch (format) {
            case "csv" -> bench.file("orders.csv", csv);
            case "jsonl" -> bench.file("orders.jsonl", """
                    {"id": 1, "amount": 0, "status": "open", "zip": "01234"}
                    {"id": 2, "amount": 1000, "status": "it's"}
                    {"amount": 5, "status": "open", "zip": "01234"}
                    {"id": 4, "amount": -0.5, "status": "shut", "zip": "1234"}
                    {"id": 5, "amount": "x", "status": "", "zip": "01234"}
                    """);
            default -> {
                Path parquet = folder.resolve("orders.parquet");
                try (Session session = bench.duck.session()) {
                    session.execute("COPY (SELECT * FROM (VALUES (1, '0', 'open', '01234'), (2, '1000', 'it''s', NULL),"
                            + " (NULL, '5', 'open', '01234'), (4, '-0.5', 'shut', '1234'), (5, 'x', '', '01234'))"
                            + " t(id, amount, status, zip)) TO " + Sql.literal(parquet) + " (FORMAT parquet)");
                }
                yield SourceSpec.of("things", parquet.toString());
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonl", "parquet"})
    void setsAsideWhatBreaksIt_withAllReasons_whateverTheFormat(String format) {
        DatasetVersion version = bench.ingest(orders(format).withContract(ORDERS));

        assertThat(bench.rows(version)).containsExactly("1|0.0|open|01234", "2|1000.0|it's|null");
        long first = format.equals("csv") ? 4 : 3;
        assertThat(bench.lake.quarantine(version, 10))
                .extracting(row -> row.line() - first + " " + row.reason())
                .containsExactly(
                        "0 id: nothing breaks 'id is not null'",
                        "1 amount: '-0.5' breaks 'amount >= 0'; status: 'shut' breaks 'status in ('open', 'it''s')';"
                                + " zip: '1234' breaks 'zip matches '[0-9]{5}''",
                        "2 amount: 'x' is not a double");
        assertThat(bench.lake.report(version).expectations())
                .extracting(result -> result.name() + " " + result.count())
                .containsExactly(
                        "id is not null 1",
                        "amount >= 0 1",
                        "amount <= 1000 0",
                        "status in ('open', 'it''s') 1",
                        "zip matches '[0-9]{5}' 1");
    }

    @Test
    void takesBoundsInTheZoneOfTheSource() {
        Value noon =
                ValueRule.constant(ColumnType.TIMESTAMP, "2024-01-01 12:00:00").orElseThrow();
        DatasetVersion version =
                bench.ingest(bench.file("a.csv", "at\n2024-01-01 12:00:00\n2024-01-01T16:59:59Z\n2024-01-01 12:00:01\n")
                        .withZone(ZoneId.of("America/New_York"))
                        .withContract(Contract.of(ColumnContract.of("at", ColumnType.TIMESTAMP)
                                .withRules(new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, noon)))));
        assertThat(bench.rows(version)).containsExactly("2024-01-01 17:00:00.0", "2024-01-01 17:00:01.0");
    }

    @Test
    void storesNothing_whenItFails_andEverything_whenItWarns() {
        SourceSpec spec = bench.file("a.csv", "n\n1\n-1\n")
                .withContract(
                        Contract.of(ColumnContract.of("n", ColumnType.BIGINT).withRules(atLeast("0"))));
        assertThatThrownBy(() -> bench.ingest(spec.withExpectations(List.of(), OnViolation.FAIL)))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.EXPECTATION_FAILED))
                .hasMessageContaining("things: 'n >= 0' does not hold: 1 row, e.g. -1 (line 3)")
                .hasMessageContaining("change schema:, expect: or on_violation:");
        assertThat(bench.lake.versions("things")).isEmpty();

        DatasetVersion warned = bench.ingest(spec.withExpectations(List.of(), OnViolation.WARN));
        assertThat(bench.rows(warned)).containsExactly("1", "-1");
        assertThat(bench.lake.report(warned).expectations())
                .extracting(ExpectationResult::sentence)
                .containsExactly("'n >= 0' does not hold: 1 row, e.g. -1 (line 3)");
    }

    @Test
    void refusesOtherColumns_whereItSaysSo() {
        SourceSpec spec = bench.file("a.csv", "n,colour,size\n1,red,2\n");
        ColumnContract n = ColumnContract.of("n", ColumnType.BIGINT);
        assertThat(bench.ingest(spec.withContract(Contract.of(n))).schema().names())
                .containsExactly("n", "colour", "size");
        assertThatThrownBy(() -> bench.ingest(spec.withContract(new Contract(List.of(n), OtherColumns.REFUSE))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has columns that schema: doesn't name: colour, size (expected:")
                .hasMessageContaining("or say other_columns: keep");
    }

    @Test
    void setsJsonLinesAside_thatHaveOtherKeys_eachByItself() {
        Contract contract = new Contract(List.of(ColumnContract.of("n", ColumnType.BIGINT)), OtherColumns.REFUSE);
        SourceSpec spec = bench.file("a.jsonl", """
                {"N": 1}
                {"N": 2, "size": 3, "colour": "red"}

                {"N": 4, "it's": null}
                {"N": 5}
                """);
        DatasetVersion version = bench.ingest(spec.withContract(contract));

        assertThat(bench.rows(version)).containsExactly("1", "5");
        assertThat(version.schema().names()).containsExactly("N");
        assertThat(bench.lake.quarantine(version, 9))
                .extracting(row -> row.line() + " " + row.reason() + " " + row.raw())
                .containsExactly(
                        "2 keys that schema: doesn't name: colour, size {\"N\": 2, \"size\": 3, \"colour\": \"red\"}",
                        "4 keys that schema: doesn't name: it's {\"N\": 4, \"it's\": null}");
        assertThatThrownBy(
                        () -> bench.ingest(spec.withContract(contract).withExpectations(List.of(), OnViolation.FAIL)))
                .hasMessageContaining("has columns that schema: doesn't name: size, colour, it's (expected:");
        assertThatThrownBy(() -> bench.ingest(
                        bench.file("b.jsonl", "{\"N\": 1, \"a\": 2}\n").withContract(contract)))
                .hasMessageEndingWith("all 1 rows are broken, the first at line 1: keys that schema: doesn't name: a"
                        + " (expected: at least one row)");
    }

    @Test
    void knowsAfterWhichColumnAValueIsKnown_onlyWhenThatIsATime() {
        SourceSpec spec = bench.file("a.csv", "bought,returned,answer\n2024-01-01,2024-02-01,yes\n");
        ColumnContract answer = ColumnContract.of("answer", ColumnType.VARCHAR);
        assertThat(bench.ingest(spec.withContract(Contract.of(answer.withKnownAfter(new KnownAfter.At("Returned")))))
                        .rows())
                .isEqualTo(1);
        assertThat(bench.ingest(spec.withContract(
                                Contract.of(answer.withKnownAfter(new KnownAfter.After(Duration.ofDays(7))))))
                        .rows())
                .isEqualTo(1);
        assertThatThrownBy(() -> bench.ingest(
                        spec.withContract(Contract.of(answer.withKnownAfter(new KnownAfter.At("returne"))))))
                .hasMessage("things: schema: answer: known_after: returne (expected: a time such as 7d, or a timestamp"
                        + " column). Did you mean 'returned'?");
        assertThatThrownBy(() -> bench.ingest(
                        spec.withContract(Contract.of(answer.withKnownAfter(new KnownAfter.At("answer"))))))
                .hasMessageContaining(
                        "answer: known_after: answer (expected: a time such as 7d, or a timestamp column)");
    }

    @Test
    void refusesPatternsThatTheEngineCannotRead_andOfWhatIsNoText() {
        SourceSpec spec = bench.file("a.csv", "n,s\n1,x\n");
        assertThatThrownBy(() -> bench.ingest(spec.withContract(
                        Contract.of(ColumnContract.of("n", ColumnType.BIGINT).withRules(new ValueRule.Matches("1"))))))
                .hasMessageContaining("n: pattern: 1 of a bigint column (expected: a varchar column;");
        assertThatThrownBy(() -> bench.ingest(spec.withContract(Contract.of(
                        ColumnContract.of("s", ColumnType.VARCHAR).withRules(new ValueRule.Matches("(?=x)x"))))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("s: pattern: (?=x)x (expected: a regular expression of RE2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-13-01", "2024-02-30 10:00:00", "yesterday", "2024"})
    void takesNoTimeThatIsNone(String text) {
        assertThat(ValueRule.constant(ColumnType.TIMESTAMP, text)).isEmpty();
    }
}
