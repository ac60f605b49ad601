package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
    private static final ColumnContract PRICE = ColumnContract.of("price", ColumnType.BIGINT)
            .withRules(new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, new Value.Numeral("0")));
    private static final Contract ORDERS = Contract.of(ColumnContract.of("id", ColumnType.BIGINT), PRICE);
    private static final String CSV = """
            id,price,note
            1,10,ok
            2,-5,"a, ""b"\"\"
            3,x,
            4
            5,50,ok
            """;

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

    /** What a run does: the step's key is the source's, with the repairs that it would take. */
    private DatasetVersion ingest(SourceSpec spec) {
        return bench.lake.ingest(spec, key(Lake.fingerprint(spec), bench.lake.repairs("things")), Progress.NONE);
    }

    private static String key(String fingerprint, Optional<String> mark) {
        return fingerprint + mark.map(text -> "+" + text).orElse("");
    }

    private SourceSpec orders(String csv) {
        return bench.file("orders.csv", csv).withContract(ORDERS);
    }

    private ReplayOrder order(Optional<Path> file, SourceSpec source) {
        String fingerprint = Lake.fingerprint(source);
        return new ReplayOrder(
                "things",
                file,
                Optional.empty(),
                name -> bench.lake.versions("things").get(Integer.parseInt(name.substring(1)) - 1),
                Optional.empty(),
                mark -> key(fingerprint, Optional.of(mark)));
    }

    private Replayed replay(String file, SourceSpec source) {
        return bench.lake.replay(order(Optional.of(folder.resolve(file)), source));
    }

    /** Exports what a version set aside, as version {@code name}, and changes the file. */
    private String export(DatasetVersion version, String name, String file, String... replacements) {
        Path target = folder.resolve(file);
        bench.lake.exportQuarantine(version, name, target);
        try {
            String text = Files.readString(target);
            for (int i = 0; i < replacements.length; i += 2) {
                assertThat(text).contains(replacements[i]);
                text = text.replace(replacements[i], replacements[i + 1]);
            }
            Files.writeString(target, text);
            return text;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private DatasetVersion newest() {
        return bench.lake.versions("things").getLast();
    }

    private List<String> reasons(DatasetVersion version) {
        return bench.lake.quarantine(version, 10).stream()
                .map(row -> row.line() + " " + row.reason())
                .toList();
    }

    @Test
    void exportsRowsWithTheirIds_andAllThatIsKnownOfThem() {
        DatasetVersion version = ingest(orders(CSV));
        List<String> lines = export(version, "v1", "out.csv").lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("quarantine.row,quarantine.version,quarantine.source,quarantine.line,quarantine.reason,"
                        + "quarantine.raw,id,price,note");
        assertThat(lines.get(1))
                .matches("q\\d+,v1,\\S+orders.csv,3,price: '-5' breaks 'price >= 0',.*")
                .endsWith("\",2,-5,\"a, \"\"b\"\"\"");
        assertThat(lines.get(2)).endsWith(",4,price: 'x' is not a bigint,\"3,x,\",3,x,");
        assertThat(lines.get(3)).endsWith(",5,1 fields (expected: 3),4,,,");

        DatasetVersion moved = ingest(orders("id,price,note\n0,0,first\n" + CSV.substring(CSV.indexOf('\n') + 1)));
        assertThat(export(moved, "v2", "moved.csv").lines().map(line -> line.replaceFirst(",.*", "")))
                .isEqualTo(
                        lines.stream().map(line -> line.replaceFirst(",.*", "")).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.csv", "out.tsv", "out.jsonl"})
    void takesRepairedRowsIn_once_andSaysWhatIsWrongWithTheOthers(String file) {
        SourceSpec source = orders(CSV);
        DatasetVersion version = ingest(source);
        String exported = export(version, "v1", file);
        String repaired = switch (file) {
            case "out.csv" ->
                exported.replace(",2,-5,", ",2,5,").replace(",3,x,", ",3,-1,").replace(",4,,,", ",4,4,40,late");
            case "out.tsv" ->
                exported.replace("\t2\t-5\t", "\t2\t5\t")
                        .replace("\t3\tx\t", "\t3\t-1\t")
                        .replace("\t4\t\t\t", "\t4\t4\t40\tlate");
            default ->
                exported.replace("\"price\":\"-5\"", "\"price\":5")
                        .replace("\"price\":\"x\"", "\"price\":\"-1\"")
                        .replace("\"id\":null,\"price\":null,\"note\":null", "\"id\":4,\"price\":40,\"note\":\"late\"");
        };
        write(file, repaired);

        Replayed replayed = replay(file, source);
        DatasetVersion made = replayed.made().orElseThrow();
        assertThat(replayed)
                .isEqualTo(new Replayed(
                        Optional.of(made),
                        2,
                        3,
                        0,
                        0,
                        1,
                        List.of(new QuarantinedRow(
                                folder.resolve("orders.csv"),
                                4,
                                "price: '-1' breaks 'price >= 0'",
                                "{\"id\":\"3\",\"price\":\"-1\",\"note\":null}"))));
        assertThat(bench.rows(made)).containsExactlyInAnyOrder("1|10|ok", "5|50|ok", "2|5|a, \"b\"", "4|40|late");
        assertThat(made.rowsRead()).isEqualTo(5);
        assertThat(made.rows() + made.quarantined()).isEqualTo(made.rowsRead());
        assertThat(reasons(made)).containsExactly("4 price: '-1' breaks 'price >= 0'");
        assertThat(bench.rows(version)).containsExactly("1|10|ok", "5|50|ok");

        Replayed again = replay(file, source);
        assertThat(again).isEqualTo(new Replayed(Optional.empty(), 0, 0, 2, 0, 1, List.of()));
        assertThat(bench.lake.versions("things")).containsExactly(version, made);
        assertThat(ingest(source)).isEqualTo(made);

        export(made, "v2", "rest.csv", ",3,-1,", ",3,1,");
        DatasetVersion whole = replay("rest.csv", source).made().orElseThrow();
        assertThat(bench.rows(whole)).hasSize(5).contains("3|1|null");
        assertThat(whole.quarantined()).isZero();
        assertThat(bench.query("SELECT count(DISTINCT _row_id) FROM " + bench.lake.tableReference(whole)))
                .containsExactly("5");
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void keepsRepairs_whenTheSourceComesAgainWithOtherRows() {
        SourceSpec source = orders(CSV);
        export(ingest(source), "v1", "out.csv", ",2,-5,", ",2,5,", ",4,,,", ",4,4,40,late");
        replay("out.csv", source);

        DatasetVersion next = ingest(orders(CSV + "6,60,new\n"));
        assertThat(bench.rows(next)).containsExactly("1|10|ok", "2|5|a, \"b\"", "4|40|late", "5|50|ok", "6|60|new");
        assertThat(reasons(next)).containsExactly("4 price: 'x' is not a bigint");
        assertThat(next.rowsRead()).isEqualTo(6);
        assertThat(bench.lake.report(next).expectations().getFirst().count()).isZero();

        DatasetVersion withoutThem = ingest(orders("id,price,note\n1,10,ok\n"));
        assertThat(bench.rows(withoutThem)).containsExactly("1|10|ok");
        assertThat(bench.rows(ingest(orders(CSV + "7,70,\n")))).hasSize(5).contains("2|5|a, \"b\"", "4|40|late");
    }

    @Test
    void takesARowNotTwice_thatItsSourceRepairedItself() {
        SourceSpec source = orders(CSV);
        String file = export(ingest(source), "v1", "out.csv", ",2,-5,", ",2,5,");
        SourceSpec mended = orders(CSV.replace("2,-5,", "2,5,"));
        DatasetVersion before = ingest(mended);

        Replayed replayed = replay("out.csv", mended);
        assertThat(replayed.made()).isEmpty();
        assertThat(replayed.gone()).isEqualTo(1);
        assertThat(file).contains(",v1,");
        assertThat(newest()).isEqualTo(before);
    }

    @Test
    void leavesARepairAside_whenTheSourceSendsTheRowOnceMore() {
        SourceSpec source = orders(CSV);
        export(ingest(source), "v1", "out.csv", ",2,-5,", ",2,5,", ",3,x,", ",3,3,");
        SourceSpec corrected = orders(CSV + "2,5,\"a, \"\"b\"\"\"\n");
        assertThat(bench.rows(ingest(corrected))).containsExactly("1|10|ok", "5|50|ok", "2|5|a, \"b\"");

        Replayed late = replay("out.csv", corrected);
        assertThat(late.taken()).isEqualTo(1);
        assertThat(bench.rows(newest())).containsExactlyInAnyOrder("1|10|ok", "5|50|ok", "2|5|a, \"b\"", "3|3|null");
        assertThat(reasons(newest()))
                .containsExactly(
                        "3 price: '-5' breaks 'price >= 0'; its repair is not taken: the source has the repaired row itself",
                        "5 1 fields (expected: 3)");
    }

    @Test
    void givesARepairUp_onceTheSourceSendsTheRowItself_untilItDoesNoMore() {
        SourceSpec source = orders(CSV);
        export(ingest(source), "v1", "out.csv", ",2,-5,", ",2,5,");
        replay("out.csv", source);
        String more = CSV + "2,5,\"a, \"\"b\"\"\"\n";

        for (String csv : List.of(more, more + "6,60,\n")) {
            DatasetVersion version = ingest(orders(csv));
            assertThat(bench.rows(version))
                    .filteredOn(row -> row.startsWith("2|"))
                    .hasSize(1);
            assertThat(reasons(version).getFirst()).contains("the source has the repaired row itself");
            assertThat(version.rows() + version.quarantined()).isEqualTo(version.rowsRead());
        }
        DatasetVersion retracted = ingest(orders(CSV + "8,80,\n"));
        assertThat(bench.rows(retracted)).contains("2|5|a, \"b\"", "8|80|null");
        assertThat(reasons(retracted)).hasSize(2);
    }

    @Test
    void keepsEqualRowsThatAreRepairedAsOftenAsTheyWere() {
        SourceSpec source = orders("id,price\n1,x\n1,x\n1,1\n2,2\n");
        export(ingest(source), "v1", "out.csv", ",1,x", ",1,1");
        replay("out.csv", source);
        assertThat(bench.rows(newest())).containsExactlyInAnyOrder("1|1", "1|1", "1|1", "2|2");
        assertThat(bench.rows(ingest(orders("id,price\n1,x\n1,x\n1,1\n2,2\n3,3\n"))))
                .containsExactlyInAnyOrder("1|1", "1|1", "1|1", "2|2", "3|3");
        assertThat(bench.rows(ingest(orders("id,price\n1,x\n1,x\n1,1\n1,1\n2,2\n"))))
                .containsExactlyInAnyOrder("1|1", "1|1", "1|1", "2|2");
    }

    @Test
    void knowsByAKeyWhichRowTheSourceSendsAgain() {
        SourceSpec source = unique(orders(CSV));
        export(ingest(source), "v1", "out.csv", ",2,-5,", ",2,5,", ",3,x,", ",1,3,");

        Replayed replayed = replay("out.csv", source);
        assertThat(replayed.taken()).isEqualTo(1);
        assertThat(replayed.broken())
                .singleElement()
                .satisfies(row -> assertThat(row.reason())
                        .isEqualTo("price: 'x' is not a bigint; its repair is not taken: another row has the same id"));

        DatasetVersion corrected = ingest(unique(orders(CSV + "2,7,corrected\n")));
        assertThat(bench.rows(corrected)).containsExactly("1|10|ok", "5|50|ok", "2|7|corrected");
        assertThat(reasons(corrected).getFirst()).endsWith("its repair is not taken: another row has the same id");
    }

    private SourceSpec unique(SourceSpec source) {
        return bench.expecting(source, OnViolation.QUARANTINE, "unique(id)");
    }

    @Test
    void refusesRowsThatBreakTheTable_andStoresNothing() {
        SourceSpec source = unique(orders(CSV));
        DatasetVersion version = ingest(source);
        export(version, "v1", "out.csv", ",2,-5,", ",9,5,", ",3,x,", ",9,3,");
        assertThatThrownBy(() -> replay("out.csv", source))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.EXPECTATION_FAILED))
                .hasMessageContaining("things: 'unique(id)' does not hold");
        assertThat(bench.lake.versions("things")).containsExactly(version);
    }

    @Test
    void takesRowsAsTheyWereFound_onceTheContractLetsThem() {
        SourceSpec source = orders(CSV);
        DatasetVersion version = ingest(source);
        assertThat(bench.lake.replay(order(Optional.empty(), source)).made()).isEmpty();

        Contract loose =
                Contract.of(ColumnContract.of("id", ColumnType.BIGINT), ColumnContract.of("price", ColumnType.BIGINT));
        Replayed replayed = bench.lake.replay(judging(source, loose));
        DatasetVersion made = replayed.made().orElseThrow();
        assertThat(replayed.taken()).isEqualTo(1);
        assertThat(bench.rows(made)).contains("2|-5|a, \"b\"");
        assertThat(bench.lake.contract(made)).isEqualTo(loose);
        assertThat(ingest(source.withContract(loose)).rows()).isEqualTo(3);

        assertThatThrownBy(() -> bench.lake.replay(judging(
                        source,
                        Contract.of(
                                ColumnContract.of("price", ColumnType.DOUBLE),
                                ColumnContract.of("x", ColumnType.DOUBLE)))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "things: schema: price: double (expected: bigint, as in the newest version). Run the")
                .hasMessageContaining("x: double (expected: a column that the newest version has");
        assertThat(bench.rows(version)).hasSize(2);
    }

    private ReplayOrder judging(SourceSpec source, Contract contract) {
        return new ReplayOrder(
                "things",
                Optional.empty(),
                Optional.empty(),
                name -> newest(),
                Optional.of(
                        new ReadingRules(source.zone(), source.missing(), contract, List.of(), OnViolation.QUARANTINE)),
                mark -> "replay " + mark);
    }

    @Test
    void takesRowsWhosePartnersHaveComeMeanwhile() {
        bench.lake.ingest(shops("id\n1\n"), "shops1", Progress.NONE);
        SourceSpec orders = bench.file("orders.csv", "id,shop\n1,1\n2,7\n");
        SourceSpec source = orders.withExpectations(
                List.of(new Expected(
                        Expectation.parse(
                                "shop in shops.id",
                                new dev.millwright.core.Problem.Position("p", 1, 1),
                                new ExpectationScope(
                                        Inspector.inspect(bench.duck, orders).schema(),
                                        orders.zone(),
                                        Map.of(
                                                "shops",
                                                bench.lake
                                                        .versions("shops")
                                                        .getFirst()
                                                        .schema()))),
                        OnViolation.QUARANTINE)),
                OnViolation.QUARANTINE);
        bench.lake.ingest(source, Map.of("shops", bench.lake.versions("shops").getFirst()), "orders", Progress.NONE);
        assertThat(bench.lake.replay(order(Optional.empty(), source)).made()).isEmpty();

        bench.lake.ingest(shops("id\n1\n7\n"), "shops2", Progress.NONE);
        assertThat(bench.lake.replay(order(Optional.empty(), source)).taken()).isEqualTo(1);
        assertThat(bench.rows(newest())).containsExactlyInAnyOrder("1|1", "2|7");
    }

    private SourceSpec shops(String csv) {
        return SourceSpec.of("shops", bench.file("shops.csv", csv).from());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "parquet"})
    void takesRowsOfOtherFormats(String format) {
        SourceSpec source = (format.equals("jsonl") ? bench.file("a.jsonl", """
                                {"id": 1, "price": 10, "at": "2024-01-01"}
                                {"id": 2, "price": -5, "at": "2024-01-02T03:04:05.678Z"}
                                {broken
                                """) : parquet()).withContract(ORDERS);
        export(ingest(source), "v1", "out.jsonl", "\"price\":\"-5\"", "\"price\":\"5\"");
        assertThat(replay("out.jsonl", source).taken()).isEqualTo(1);
        assertThat(bench.rows(newest()))
                .containsExactlyInAnyOrder("1|10|2024-01-01 00:00:00.0", "2|5|2024-01-02 03:04:05.678");
        assertThat(ingest(source)).isEqualTo(newest());
    }

    private SourceSpec parquet() {
        Path file = folder.resolve("a.parquet");
        try (Session session = bench.duck.session()) {
            session.execute("COPY (SELECT * FROM (VALUES (1, 10, TIMESTAMP '2024-01-01'),"
                    + " (2, -5, TIMESTAMP '2024-01-02 03:04:05.678')) t(id, price, \"at\")) TO " + Sql.literal(file)
                    + " (FORMAT parquet)");
        }
        return SourceSpec.of("things", file.toString());
    }

    @Test
    void keepsCellsOfColumnsThatTheFileHasLost() {
        SourceSpec source = orders(CSV);
        String exported = export(ingest(source), "v1", "out.csv");
        String row = exported.lines().toList().get(1);
        write("out.csv", "quarantine.row,PRICE\n" + row.substring(0, row.indexOf(',')) + ",7\n");
        replay("out.csv", source);
        assertThat(bench.rows(newest())).containsExactlyInAnyOrder("1|10|ok", "5|50|ok", "2|7|a, \"b\"");
    }

    @Test
    void refusesFilesThatAreNoExport_namingTheLine() {
        SourceSpec source = orders(CSV);
        DatasetVersion version = ingest(source);
        String good = export(version, "v1", "out.csv");
        String row = good.lines().toList().get(1).replaceFirst(",.*", "");

        refuses(source, "id,price\n1,2\n", "has no column quarantine.row (expected: the rows of things that data");
        refuses(
                source,
                "quarantine.row,prize\n" + row + ",2\n",
                "prize (expected: a column of things). Did you mean 'price'?");
        refuses(
                source,
                "quarantine.row,price\n" + row + ",2\n" + row + ",3\n",
                "line 3: quarantine.row: " + row + " a second time (expected: each row once; the first is in line 2)");
        refuses(
                source,
                "quarantine.row,price\n" + row + ",2\nq17,3\n",
                "line 3: quarantine.row: q17 (expected: a row that was" + " set aside in the newest version)");
        refuses(source, "quarantine.row,price\n" + row + ",2\n1e10,3\n", "line 3: quarantine.row: 1e10 (expected:");
        refuses(
                source,
                "quarantine.row,price\n" + row + ",2\n" + row + "\n",
                "line 3: 1 fields (expected: 2). Mend the line; no row was taken.");
        refuses(
                source,
                "quarantine.row,quarantine.version,price\n" + row + ",v1,2\nq1,v2,2\n",
                "rows of the versions v1, v2 (expected: of one)");
        assertThatThrownBy(() -> bench.lake.exportQuarantine(version, "v1", folder.resolve("out.xlsx")))
                .hasMessageContaining("out.xlsx (expected: a name that ends in .csv, .tsv or .jsonl)");
        assertThat(bench.lake.versions("things")).containsExactly(version);
    }

    private void refuses(SourceSpec source, String csv, String message) {
        write("bad.csv", csv);
        assertThatThrownBy(() -> replay("bad.csv", source))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void keepsRepairs_whateverIsSweptOrExpired() {
        SourceSpec source = orders(CSV);
        DatasetVersion first = ingest(source);
        export(first, "v1", "out.csv", ",2,-5,", ",2,5,");
        replay("out.csv", source);
        try (Lake later = new Lake(
                folder.resolve("lake"),
                bench.duck,
                java.time.InstantSource.fixed(java.time.Instant.now().plus(java.time.Duration.ofDays(9))))) {
            later.sweep();
            later.expire("things", List.of(first.snapshot()));
        }
        assertThat(bench.rows(ingest(orders(CSV + "6,60,\n")))).contains("2|5|a, \"b\"");
    }
}
