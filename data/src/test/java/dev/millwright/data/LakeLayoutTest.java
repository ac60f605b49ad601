package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Progress;
import dev.millwright.data.Layout.Partition;
import dev.millwright.data.Layout.Transform;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Conversions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How rows lie in files: parted, sorted, and with bounds by which readers leave files out. */
class LakeLayoutTest {
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

    private static Layout layout(String partitions, String... sortBy) {
        return new Layout(
                partitions.isEmpty()
                        ? List.of()
                        : List.of(partitions.split(";")).stream()
                                .map(Partition::parse)
                                .toList(),
                List.of(sortBy));
    }

    /** Two hundred flights of four months, one of them without a time, in no order. */
    private SourceSpec flights(Layout layout) {
        StringBuilder text = new StringBuilder("tail,sched,late\n");
        IntStream.range(0, 200)
                .map(i -> i * 77 % 200)
                .forEach(i -> text.append("N")
                        .append(i % 9)
                        .append(",2013-0")
                        .append(1 + i % 4)
                        .append("-")
                        .append(10 + i % 19)
                        .append("T")
                        .append(10 + i % 10)
                        .append(":30:00Z,")
                        .append(i)
                        .append('\n'));
        return bench.file("flights.csv", text + "N1,,7\n").withLayout(layout);
    }

    /** The table as a program sees it that is not this one. */
    private Table table() {
        JdbcCatalog catalog = new JdbcCatalog(properties -> new LocalFileIO(), null, false);
        catalog.initialize(
                "lake",
                Map.of(
                        "uri",
                        "jdbc:sqlite:" + folder.resolve("lake/lake.db"),
                        "warehouse",
                        folder.resolve("lake").toString(),
                        "jdbc.schema-version",
                        "V1"));
        return catalog.loadTable(TableIdentifier.of(Namespace.of("millwright"), "things"));
    }

    private List<DataFile> files(Expression filter) throws Exception {
        List<DataFile> files = new ArrayList<>();
        try (var tasks = table().newScan().filter(filter).includeColumnStats().planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        }
        return files;
    }

    @Test
    void partsAndSortsRows_soThatReadersLeaveFilesOut() throws Exception {
        DatasetVersion version = bench.ingest(flights(layout("month(sched)", "tail", "late")));

        assertThat(version.files()).hasSize(5);
        Table table = table();
        assertThat(table.spec().toString()).contains("sched_month: month(2)");
        assertThat(table.sortOrder().fields())
                .extracting(Object::toString)
                .containsExactly("identity(1) ASC NULLS FIRST", "identity(3) ASC NULLS FIRST");
        assertThat(files(Expressions.alwaysTrue())).hasSize(5);
        assertThat(files(Expressions.and(
                        Expressions.greaterThanOrEqual("sched", "2013-03-01T00:00:00+00:00"),
                        Expressions.lessThan("sched", "2013-04-01T00:00:00+00:00"))))
                .singleElement()
                .satisfies(file -> {
                    assertThat(file.recordCount()).isEqualTo(50);
                    assertThat(file.partition().get(0, Integer.class)).isEqualTo((2013 - 1970) * 12 + 2);
                    assertThat(file.sortOrderId()).isEqualTo(table.sortOrder().orderId());
                });
        assertThat(files(Expressions.isNull("sched")))
                .singleElement()
                .satisfies(file -> assertThat(file.recordCount()).isEqualTo(1));
        assertThat(bench.query(
                        "SELECT bool_and(ordered) FROM (SELECT (tail, late) > lag((tail, late)) OVER () AS ordered FROM ("
                                + "SELECT * FROM read_parquet("
                                + Sql.literal(version.files().getLast()) + ")))"))
                .containsExactly("true");
        assertThat(bench.lake.details(version).layout())
                .hasToString("Layout[partitions=[month(sched)], sortBy=[tail, late]]");
    }

    @Test
    void holdsTheSameRows_howeverTheyLie_alwaysInTheSameOrder() {
        DatasetVersion plain = bench.ingest(flights(Layout.NONE));
        DatasetVersion laidOut = bench.ingest(flights(layout("tail; month(sched)", "late")));
        DatasetVersion again = bench.lake.ingest(flights(layout("tail; month(sched)", "late")), "again", Progress.NONE);

        assertThat(plain.files()).hasSize(1);
        assertThat(laidOut.files()).hasSize(37);
        String all = "SELECT count(*), sum(hash(tail, sched, late, _row_id)::HUGEINT) FROM ";
        assertThat(bench.query(all + bench.lake.tableReference(laidOut)))
                .isEqualTo(bench.query(all + bench.lake.tableReference(plain)));
        assertThat(bench.rows(again)).isEqualTo(bench.rows(laidOut));
    }

    @Test
    void keepsTheBoundsOfColumns_cutShort_andNoneOfPersonalOnes() throws Exception {
        SourceSpec source = bench.file("people.csv", """
                        name,note,age,weight,born,alive
                        Ada,a note that is longer than sixteen characters,36,50.5,1815-12-10,false
                        Grace,zebra,85,61,1906-12-09,
                        """)
                .withContract(Contract.of(
                        ColumnContract.of("name", ColumnType.VARCHAR).withPrivacy(Privacy.PERSONAL)));
        bench.ingest(source);

        DataFile file = files(Expressions.alwaysTrue()).getFirst();
        assertThat(bounds(file.lowerBounds()))
                .isEqualTo(Map.of(
                        "note",
                        "a note that is l",
                        "age",
                        36L,
                        "weight",
                        50.5,
                        "born",
                        micros("1815-12-10T00:00:00Z"),
                        "alive",
                        false,
                        "_row_id",
                        bounds(file.lowerBounds()).get("_row_id")));
        assertThat(bounds(file.upperBounds()))
                .containsEntry("note", "zebra")
                .containsEntry("born", micros("1906-12-09T00:00:00Z"))
                .doesNotContainKey("name");
        assertThat(file.nullValueCounts()).containsEntry(6, 1L).containsEntry(1, 0L);

        bench.ingest(bench.file("people.csv", "name\nLin\n"));
        assertThat(bounds(files(Expressions.alwaysTrue()).getFirst().lowerBounds()))
                .containsEntry("name", "Lin");
    }

    private static long micros(String time) {
        return Instant.parse(time).getEpochSecond() * 1_000_000;
    }

    private Map<String, Object> bounds(Map<Integer, ByteBuffer> bounds) {
        var schema = table().schema();
        Map<String, Object> values = new HashMap<>();
        bounds.forEach((id, bytes) -> {
            var field = schema.findField(id);
            Object value = Conversions.fromByteBuffer(field.type(), bytes);
            values.put(field.name(), value instanceof CharSequence text ? text.toString() : value);
        });
        return values;
    }

    @Test
    void laysOutAnew_asColumnsComeAndGo_andGoesBackWithTheOldLayout() throws Exception {
        DatasetVersion first = bench.ingest(flights(layout("month(sched)", "tail")));
        DatasetVersion second = bench.ingest(
                bench.file("flights.csv", "tail,place\nN1,x\nN2,y\nN3,x\n").withLayout(layout("place")));
        DatasetVersion third = bench.ingest(bench.file("flights.csv", "tail,sched,place\nN1,soon,x\n"));
        DatasetVersion back = bench.lake.restore(first, "rollback", "");

        assertThat(second.files()).hasSize(2);
        assertThat(third.files()).hasSize(1);
        assertThat(bench.rows(first)).hasSize(201).isEqualTo(bench.rows(back));
        assertThat(bench.rows(second)).containsExactly("N1|x", "N3|x", "N2|y");
        assertThat(bench.lake.details(second).layout().partitions())
                .containsExactly(new Partition(Transform.IDENTITY, "place"));
        assertThat(bench.lake.details(third).layout()).isEqualTo(Layout.NONE);
        assertThat(bench.lake.details(back).layout())
                .isEqualTo(bench.lake.details(first).layout());
        assertThat(files(Expressions.isNull("sched"))).hasSize(1);
        assertThat(StreamSupport.stream(table().snapshots().spliterator(), false))
                .hasSize(4);
        assertThat(bench.ingest(flights(layout("month(sched)", "late"))).files())
                .hasSize(5);
    }

    @Test
    void makesAVersionAnew_onlyWhenItShallLieOtherwise() {
        assertThat(Lake.fingerprint(flights(Layout.NONE)))
                .isEqualTo(Lake.fingerprint(flights(layout(""))))
                .isNotEqualTo(Lake.fingerprint(flights(layout("", "late"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "month(tail) | | partition_by: month(tail): a varchar (expected: a timestamp).",
                "sched | | partition_by: sched: a timestamp (expected: what of it, as in month(sched)).",
                "wen | | partition_by: wen: wen (expected: a column).",
                "late; LATE | | partition_by: late (expected: each once).",
                " | lat | sort_by: lat (expected: a column). Did you mean 'late'?",
                "name | | partition_by: name: a personal column (expected: another; its values would stand in the table's metadata)."
            })
    void refusesWhatCantBeDone(String partitions, String sortBy, String message) {
        SourceSpec source = bench.file("flights.csv", "tail,sched,late,name\nN1,2013-01-01,5,Ada\n")
                .withContract(Contract.of(
                        ColumnContract.of("name", ColumnType.VARCHAR).withPrivacy(Privacy.PERSONAL)))
                .withLayout(layout(
                        partitions == null ? "" : partitions, sortBy == null ? new String[0] : new String[] {sortBy}));
        assertThatThrownBy(() -> bench.ingest(source))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
        assertThat(bench.lake.datasets()).isEmpty();
    }

    @Test
    void refusesTooManyParts() {
        StringBuilder text = new StringBuilder("id\n");
        IntStream.range(0, 2001).forEach(i -> text.append("n").append(i).append('\n'));
        assertThatThrownBy(
                        () -> bench.ingest(bench.file("a.csv", text.toString()).withLayout(layout("id"))))
                .hasMessageContaining("partition_by: [id] parts the rows into 2001 files (expected: at most 2000).");
        assertThatThrownBy(() -> Partition.parse("weekly(sched)"))
                .hasMessage("weekly(sched) (expected: a column, or year(…), month(…), day(…) or hour(…) of one).");
    }
}
