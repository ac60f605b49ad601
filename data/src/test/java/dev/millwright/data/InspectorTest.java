package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {
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

    private Inspection inspect(SourceSpec spec) {
        return Inspector.inspect(bench.duck, spec);
    }

    @Test
    void seesTheSameSchemaAsIngestion() {
        SourceSpec spec = bench.file("a.csv", "a,b,c\n1,x,2024-01-01\n2.5,,\n");
        assertThat(inspect(spec).schema()).isEqualTo(bench.ingest(spec).schema());
        assertThat(inspect(spec).rows()).isEqualTo(2);
        assertThat(inspect(spec).coverage()).isEqualTo(Inspection.Coverage.WHOLE);
        assertThat(inspect(spec).columns().get(1))
                .isEqualTo(new ColumnProfile(
                        "b",
                        ColumnType.VARCHAR,
                        2,
                        1,
                        1,
                        java.util.Optional.of("x"),
                        java.util.Optional.of("x"),
                        List.of("x")));
    }

    @Test
    void warnsOfBlanksInNumbers() {
        assertThat(inspect(bench.file("a.csv", "id,total\na,1.5\nb, \nc,2\n")).warnings())
                .containsExactly("total: 1 of 3 values are not numbers (e.g. ' ') and are read as missing");
    }

    @Test
    void warnsOfAColumnThatIsAlmostNumbers() {
        SourceSpec spec = bench.file("a.csv", "id,n\na,1\nb,NA\nc,3\nd,4\n");
        assertThat(inspect(spec).warnings())
                .containsExactly(
                        "n: 1 of 4 values are not numbers (e.g. 'NA'), so it is text; add the words for missing"
                                + " values to missing:, or declare its type");
        assertThat(inspect(spec.withMissing(List.of("NA"))).warnings()).isEmpty();
        assertThat(inspect(spec.withContract(Contract.ofTypes(Map.of("n", ColumnType.BIGINT))))
                        .warnings())
                .containsExactly(
                        "n: 1 of 4 values are not a bigint (e.g. 'NA'); these rows go to quarantine, unless they were repaired");
    }

    @Test
    void warnsOfBrokenRows_emptyColumnsAndAMissingHeader() {
        assertThat(inspect(bench.file("a.csv", "1,,3\n4,5\n6,,7\n")).warnings())
                .containsExactly(
                        "1 of 3 rows are broken and go to quarantine, unless they were repaired (the first at line 2)",
                        "no header was seen: columns are named column1 to column3; name them with columns:, or say"
                                + " header: true",
                        "column2: all values are missing");
    }

    @Test
    void estimatesTheRowsOfALargeFile() {
        StringBuilder text = new StringBuilder("a,b\n");
        String filler = "x".repeat(1000);
        for (int i = 0; i < 90_000; i++) {
            text.append(i).append(',').append(filler).append('\n');
        }
        Inspection inspection = inspect(bench.file("a.csv", text.toString()));
        assertThat(inspection.coverage()).isEqualTo(Inspection.Coverage.HEAD);
        assertThat(inspection.rows()).isBetween(88_000L, 92_000L);
    }

    @Test
    void rejectsAFileThatIsNotThere() {
        assertThatThrownBy(() -> inspect(SourceSpec.of("things", folder + "/nothing.csv")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nothing.csv (expected: a file that exists)");
    }
}
