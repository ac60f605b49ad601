package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.Divergence;
import dev.millwright.data.DatasetDiff.Bin;
import dev.millwright.data.DatasetDiff.ColumnChange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeDiffTest {
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

    private DatasetVersion version(String csv) {
        return bench.ingest(bench.file("a.csv", csv));
    }

    private DatasetVersion unique(String csv) {
        return bench.ingest(bench.expecting(bench.file("a.csv", csv), OnViolation.QUARANTINE, "unique(id)"));
    }

    private static DatasetDiff.Shift shift(DatasetDiff diff, String column) {
        return diff.shifts().stream()
                .filter(shift -> shift.column().equals(column))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesColumnsThatCameWentAndChanged() {
        DatasetDiff diff =
                bench.lake.diff(version("a,b,c\n1,x,2024-01-01\n"), version("C,d,a\n5,true,1.5\n"), List.of());

        assertThat(diff.columns())
                .containsExactly(
                        new ColumnChange.Retyped("a", ColumnType.BIGINT, ColumnType.DOUBLE),
                        new ColumnChange.Dropped(new Column("b", ColumnType.VARCHAR)),
                        new ColumnChange.Retyped("c", ColumnType.TIMESTAMP, ColumnType.BIGINT),
                        new ColumnChange.Added(new Column("d", ColumnType.BOOLEAN)));
        assertThat(diff.shifts()).extracting(DatasetDiff.Shift::column).containsExactly("a");
        assertThat(diff.isEmpty()).isFalse();
    }

    @Test
    void countsRowsByTheirIds_repeatedOnesToo() {
        DatasetDiff diff = bench.lake.diff(version("a\n1\n1\n2\n3\n"), version("a\n1\n1\n1\n3\n4\n"), List.of());

        assertThat(diff.rows()).isEqualTo(new DatasetDiff.RowChanges(4, 5, 2, 1));
        assertThat(diff.rows().kept()).isEqualTo(3);
        assertThat(diff.byKey()).isEmpty();
    }

    @Test
    void findsChangedRows_byTheKeyThatAnExpectationKnows() {
        DatasetDiff diff = bench.lake.diff(
                unique("id,n,s\n1,10,x\n2,20,y\n3,,z\n4,40,w\n,9,q\n"),
                unique("id,n,s\n1,10,x\n2,21,y\n3,30,\n5,50,v\n,9,q\n,8,q\n"),
                List.of());

        assertThat(diff.byKey())
                .contains(new DatasetDiff.KeyChanges(List.of("id"), 1, 1, 2, 1, Map.of("n", 2L, "s", 1L), 3));
    }

    @Test
    void refusesAKeyThatDoesNotTellRowsApart_orIsUnknown() {
        DatasetVersion first = version("id,n\n1,1\n1,2\n");
        DatasetVersion second = version("id,n\n1,1\n2,2\n");

        assertThatThrownBy(() -> bench.lake.diff(first, second, List.of("ID")))
                .hasMessage(
                        "key: id (expected: columns that tell rows apart; in one of the versions 1 rows repeat another)");
        assertThatThrownBy(() -> bench.lake.diff(first, second, List.of("idd")))
                .hasMessage("key: idd (expected: a column of both versions). Did you mean 'id'?");
        assertThat(bench.lake
                        .diff(first, second, List.of("id", "n"))
                        .byKey()
                        .orElseThrow()
                        .changed())
                .isZero();
    }

    @Test
    void putsTheColumnThatShiftedMostFirst_withItsBins() {
        StringBuilder before = new StringBuilder("still,moved,word\n");
        StringBuilder after = new StringBuilder(before);
        for (int i = 0; i < 1000; i++) {
            before.append(i)
                    .append(',')
                    .append(i / 10.0)
                    .append(',')
                    .append(i % 2 == 0 ? "a" : "b")
                    .append('\n');
            after.append(i)
                    .append(',')
                    .append(50 + i / 20.0)
                    .append(',')
                    .append(i % 4 == 0 ? "a" : i % 4 == 1 ? "" : "new");
            after.append('\n');
        }
        DatasetDiff diff = bench.lake.diff(version(before.toString()), version(after.toString()), List.of());

        assertThat(diff.shifts()).extracting(DatasetDiff.Shift::column).containsExactly("word", "moved", "still");
        assertThat(shift(diff, "still").psi()).isZero();
        assertThat(shift(diff, "still").moved()).isEmpty();
        assertThat(shift(diff, "word").bins())
                .containsExactly(
                        new Bin("'a'", 500, 250),
                        new Bin("'b'", 500, 0),
                        new Bin("'new'", 0, 500),
                        new Bin("other", 0, 0),
                        new Bin("missing", 0, 250));
        DatasetDiff.Shift moved = shift(diff, "moved");
        // Quantiles as numpy.quantile(…, method="inverted_cdf") gives them: the 100th, 200th, … value.
        assertThat(moved.bins().getFirst()).isEqualTo(new Bin("<= 9.9", 100, 0));
        assertThat(moved.bins().get(5)).isEqualTo(new Bin("49.9 to 59.9", 100, 199));
        assertThat(moved.psi())
                .isCloseTo(Divergence.psi(counts(moved, Bin::before), counts(moved, Bin::after)), within(1e-15));
        assertThat(moved.moved()).map(Bin::label).hasValue("> 89.9");
    }

    private static long[] counts(DatasetDiff.Shift shift, java.util.function.ToLongFunction<Bin> side) {
        return shift.bins().stream().mapToLong(side).toArray();
    }

    @Test
    void givesFewValuesABinEach_andNamesTimesAsTimes() {
        DatasetDiff diff = bench.lake.diff(
                version("n,at,flag\n1,2024-01-01,true\n2,2024-01-03,true\n"),
                version("n,at,flag\n1,2024-01-01,true\n7,2024-01-09,false\n"),
                List.of());

        assertThat(shift(diff, "n").bins())
                .containsExactly(new Bin("<= 1.5", 1, 1), new Bin("> 1.5", 1, 1), new Bin("missing", 0, 0));
        assertThat(shift(diff, "at").bins()).first().isEqualTo(new Bin("<= 2024-01-02T00:00:00Z", 1, 1));
        assertThat(shift(diff, "flag").bins())
                .containsExactly(
                        new Bin("'true'", 2, 1),
                        new Bin("'false'", 0, 1),
                        new Bin("other", 0, 0),
                        new Bin("missing", 0, 0));
    }

    @Test
    void findsNothing_betweenAVersionAndItself() {
        DatasetVersion version = version("a,b\n1,x\n2,y\n");
        DatasetDiff diff = bench.lake.diff(version, version, List.of());

        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.shifts()).allSatisfy(shift -> assertThat(shift.psi()).isZero());
    }

    @Test
    void takesNamesAndValuesThatSqlWouldTrip() {
        String rows = IntStream.range(0, 30)
                .mapToObj(i -> "it's \"" + i + "\"")
                .reduce("", (a, b) -> a + "\"" + b.replace("\"", "\"\"") + "\",1\n");
        DatasetDiff diff = bench.lake.diff(
                version("\"a \"\"b\"\" 'c'\",n\n" + rows),
                version("\"a \"\"b\"\" 'c'\",n\n" + rows + "x,2\n"),
                List.of());

        assertThat(diff.rows().added()).isEqualTo(1);
        assertThat(shift(diff, "a \"b\" 'c'").bins())
                .extracting(Bin::label)
                .contains("'it's \"0\"'", "other", "missing");
    }
}
