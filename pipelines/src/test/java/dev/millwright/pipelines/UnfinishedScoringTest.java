package dev.millwright.pipelines;

import static dev.millwright.pipelines.ScoringBench.ROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Progress;
import dev.millwright.pipelines.scoring.ScoringRequest;
import dev.millwright.pipelines.scoring.ScoringSummary;
import dev.millwright.serving.rollout.RolloutPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scoring that was killed in its middle: what is done goes on where it stopped, unless something changed since. */
class UnfinishedScoringTest {
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

    private void beginAndFail(ScoringRequest request) {
        assertThatThrownBy(() -> bench.score(request, failingAfter(ROWS / 2))).hasMessage("killed");
        assertThat(folder.resolve("scored.csv.parts/rows")).isNotEmptyDirectory();
    }

    /** What the process does that is killed when so many rows are done: it ends, and nothing is cleaned up. */
    private static Progress failingAfter(int rows) {
        return (what, done, total) -> {
            if (done > rows) {
                throw new IllegalStateException("killed");
            }
        };
    }

    private Map<Path, FileTime> parts() throws IOException {
        Map<Path, FileTime> parts = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("scored.csv.parts/rows"))) {
            for (Path part : files.toList()) {
                if (part.getFileName().toString().startsWith("part-")) {
                    parts.put(part, Files.getLastModifiedTime(part));
                }
            }
        }
        return parts;
    }

    @Test
    void goesOnBehindTheLastFinishedPart() throws IOException {
        ScoringRequest request = bench.request("rows.csv", "scored.csv");
        bench.score(bench.request("rows.csv", "undisturbed.csv"));
        beginAndFail(request);
        Map<Path, FileTime> before = parts();
        Files.writeString(folder.resolve("scored.csv.parts/rows/.part-000099.parquet.x.tmp"), "half a part");

        ScoringSummary summary = bench.score(request);

        assertThat(summary.reusedParts()).isEqualTo(before.size()).isPositive();
        assertThat(summary.rows()).isEqualTo(ROWS);
        assertThat(bench.lines("scored.csv")).isEqualTo(bench.lines("undisturbed.csv"));
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void doesNotMixVersions_whenARolloutCameInBetween() {
        ScoringRequest request = bench.request("rows.csv", "scored.csv");
        beginAndFail(request);
        bench.home.deployments().deploy("customers", bench.home.version(2), RolloutPlan.immediate());

        assertThatThrownBy(() -> bench.score(request))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("they are of version 1 of customers, and customers/2 was chosen now")
                .hasMessageContaining("--version 1")
                .hasMessageContaining("--restart");
        assertThat(folder.resolve("scored.csv")).doesNotExist();

        assertThat(bench.score(ScoringBench.ofVersion(1, request)).reusedParts())
                .isPositive();
        assertThat(bench.lines("scored.csv").subList(1, ROWS + 1)).allMatch(line -> line.endsWith(",customers/1"));
    }

    @Test
    void refusesAChangedInput_untilToldToBeginAnew() {
        ScoringRequest request = bench.request("rows.csv", "scored.csv");
        beginAndFail(request);
        bench.home.write("rows.csv", ScoringBench.rows() + "c1000,20,1,a\n");

        assertThatThrownBy(() -> bench.score(request))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows.csv was changed since")
                .hasMessageContaining("--restart");

        ScoringSummary anew = bench.score(ScoringBench.beginningAnew(request));
        assertThat(anew.reusedParts()).isZero();
        assertThat(anew.rows()).isEqualTo(ROWS + 1);
    }
}
