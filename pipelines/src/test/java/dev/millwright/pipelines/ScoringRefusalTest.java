package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.scoring.ScoringTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can't be scored, and what is said of it. */
class ScoringRefusalTest {
    @TempDir
    private Path folder;

    private ScoringBench bench;

    @BeforeEach
    void open() {
        bench = new ScoringBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void saysThatTheModelTakesFeatureRows_whenColumnsAreMissing() {
        bench.home.write("raw.csv", "id,years,use,plan\nc1,20,1,a\n");

        assertThatThrownBy(() -> bench.score(bench.request("raw.csv", "scored.csv")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("raw.csv: column: 'age' is missing")
                .hasMessageContaining("customers/1 takes feature rows: its columns are those that the feature view")
                .hasMessageContaining("of the pipeline 'customers' gives");
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void namesARowThatIsWrong_andLeavesNothingBehind() {
        bench.home.write("rows.csv", ScoringBench.rows() + "c1000,old,1,a\nc1001,20,1,a\nc1002,20\n");

        assertThatThrownBy(() -> bench.score(bench.request("rows.csv", "scored.csv")))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .containsAnyOf("rows.csv, line 1002: age: 'old' (expected: a number", "line 1004: 2 fields");
        assertThat(folder.resolve("scored.csv")).doesNotExist();
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void refusesWhatCannotBeScored() {
        bench.home.write("empty.csv", "id,age,use,plan\n");
        assertThatThrownBy(() -> bench.score(bench.request("empty.csv", "scored.csv")))
                .hasMessageContaining("holds no rows");
        assertThatThrownBy(() -> bench.score(bench.request("row.csv", "scored.csv")))
                .hasMessageContaining("Did you mean 'rows.csv'?");
        assertThatThrownBy(() -> bench.score(ScoringBench.ofVersion(9, bench.request("rows.csv", "scored.csv"))))
                .hasMessageContaining("--version: 9 (expected: a version of customers)");
        assertThatThrownBy(() -> ScoringTarget.of(folder + "/nowhere/scored.csv"))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("mkdir -p");
        assertThatThrownBy(() -> ScoringTarget.of(folder + "/scored.xlsx"))
                .hasMessageContaining(".parquet, .csv or .tsv");
        assertThatThrownBy(() -> ScoringTarget.of(folder.toString())).hasMessageContaining("End it with '/'");
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void saysThatAModelTakesTensors_whichIsNoTable() throws IOException {
        Path graph = folder.resolve("tensors.onnx");
        Files.write(
                graph,
                bench.home
                        .registry
                        .artifacts()
                        .read(bench.home.version(1).servedArtifact().orElseThrow()));
        new ModelImport(bench.home.registry, bench.home.deployments())
                .add(graph, "tensors", ModelImport.Serving.TENSORS, "");
        bench.home.deployments().deployByHand("sums", "tensors", 1, Optional.empty());

        assertThatThrownBy(() -> bench.score(ScoringBench.ofEndpoint("sums", bench.request("rows.csv", "scored.csv"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("model version: tensors/1 takes tensors")
                .hasMessageContaining("(expected: one that takes rows)")
                .hasMessageContaining("Send it tensors, to /v2/models/sums/infer")
                .hasMessageContaining("--tensors");
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }
}
