package dev.millwright.pipelines;

import static dev.millwright.pipelines.ScoringBench.PART;
import static dev.millwright.pipelines.ScoringBench.ROWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.pipelines.scoring.ScoringSummary;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.rollout.RolloutPlan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scoring a table gives, and which version gives it. */
class ScoringTest {
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
    void answersAsTheRuntimeThatServesDoes_toTheLastBit() {
        ScoringSummary summary = bench.score(bench.request("rows.csv", "scored.csv"));

        List<String> scored = bench.lines("scored.csv");
        assertThat(summary.rows()).isEqualTo(ROWS);
        assertThat(summary.parts()).isEqualTo((ROWS + PART - 1) / PART);
        assertThat(scored).hasSize(ROWS + 1);
        assertThat(scored.getFirst()).isEqualTo("id,age,use,plan,label,probability_no,probability_yes,model_version");
        Frame frame = frame();
        try (ModelRuntime runtime = bench.home.deployments().open(bench.home.version(1))) {
            Predictions.Classes answers = (Predictions.Classes) runtime.predict(frame);
            for (int row = 0; row < ROWS; row++) {
                String[] cells = scored.get(row + 1).split(",", -1);
                assertThat(cells[0]).isEqualTo("c" + row);
                assertThat(cells[4]).isEqualTo(answers.classes().get(answers.labels()[row]));
                assertThat(Float.parseFloat(cells[5])).isEqualTo(answers.probability(row, 0));
                assertThat(Float.parseFloat(cells[6])).isEqualTo(answers.probability(row, 1));
                assertThat(cells[7]).isEqualTo("customers/1");
            }
        }
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    /** The rows, as a client would send them to the endpoint. */
    private Frame frame() {
        List<String[]> cells = bench.lines("rows.csv").stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
        String[] ids = cells.stream().map(row -> row[0]).toArray(String[]::new);
        float[] ages = new float[ROWS];
        float[] uses = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            ages[row] = number(cells.get(row)[1]);
            uses[row] = number(cells.get(row)[2]);
        }
        return new Frame(
                ROWS,
                List.of(
                        new FeatureColumn.Text("id", ids),
                        new FeatureColumn.Numeric("age", ages),
                        new FeatureColumn.Numeric("use", uses),
                        new FeatureColumn.Text(
                                "plan", cells.stream().map(row -> row[3]).toArray(String[]::new))));
    }

    private static float number(String cell) {
        return cell.isEmpty() ? Float.NaN : (float) Double.parseDouble(cell);
    }

    @Test
    void keepsItsVersion_whenARolloutComesInTheMiddle() {
        bench.score(bench.request("rows.csv", "scored.csv"), (what, done, total) -> {
            if (done > ROWS / 2) {
                bench.home.deployments().deploy("customers", bench.home.version(2), RolloutPlan.immediate());
            }
        });

        assertThat(bench.lines("scored.csv").subList(1, ROWS + 1)).allMatch(line -> line.endsWith(",customers/1"));
        bench.score(bench.request("rows.csv", "again.csv"));
        assertThat(bench.lines("again.csv").getLast()).endsWith(",customers/2");
    }
}
