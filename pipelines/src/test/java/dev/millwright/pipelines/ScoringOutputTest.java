package dev.millwright.pipelines;

import static dev.millwright.pipelines.ScoringBench.ROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.scoring.ScoringRequest;
import dev.millwright.pipelines.scoring.ScoringRequest.Finished;
import dev.millwright.pipelines.scoring.ScoringRequest.Unfinished;
import dev.millwright.pipelines.scoring.ScoringSummary;
import dev.millwright.pipelines.scoring.ScoringTarget;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where scoring writes, and what it leaves alone there. */
class ScoringOutputTest {
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
    void replacesAnOutputOnlyWhenTold() {
        ScoringRequest request = bench.request("rows.csv", "scored.csv");
        bench.home.write("scored.csv", "mine");

        assertThatThrownBy(() -> bench.score(request))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("scored.csv is there already")
                .hasMessageContaining("--overwrite");
        assertThat(bench.lines("scored.csv")).containsExactly("mine");

        bench.score(ScoringBench.replacing(request));
        assertThat(bench.lines("scored.csv")).hasSize(ROWS + 1);
    }

    @Test
    void writesAFolderOfParts_andReplacesOnlySuchAFolder() throws IOException {
        ScoringRequest request = bench.request("rows.csv", "scored/");
        bench.score(request);

        Path scored = folder.resolve("scored");
        assertThat(scored).isDirectoryContaining("glob:**/part-000000.parquet");
        assertThatThrownBy(() -> bench.score(request)).hasMessageContaining("is there already");
        ScoringSummary replaced = bench.score(ScoringBench.replacing(request));
        try (Stream<Path> parts = Files.list(scored)) {
            assertThat(parts).hasSize(replaced.parts());
        }
        Files.writeString(scored.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> bench.score(ScoringBench.replacing(request)))
                .hasMessageContaining("holds notes.txt, which scoring didn't write");

        ScoringSummary again = bench.score(new ScoringRequest(
                "customers",
                Optional.empty(),
                SourceSpec.of("in", scored + "/*.parquet"),
                ScoringTarget.of(folder + "/again/"),
                List.of("id", "label"),
                "new_",
                Optional.empty(),
                Finished.KEEP,
                Unfinished.GO_ON));
        assertThat(again.rows()).isEqualTo(ROWS);
    }

    @Test
    void refusesToWriteWhereItReads() {
        assertThatThrownBy(() -> bench.score(ScoringBench.replacing(bench.request("rows.csv", "rows.csv"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows.csv is read too");
        assertThatThrownBy(() -> bench.score(bench.request("r*.csv", "rows-scored.csv")))
                .hasMessageContaining("would be among the files that");
        assertThatThrownBy(() -> bench.score(bench.request("**.csv", "scored.csv")))
                .hasMessageContaining("would be among");
    }

    @Test
    void letsOneProcessAtATimeWriteAnOutput_andNoFolderOfOthers() throws IOException {
        Path parts = Files.createDirectories(folder.resolve("scored.csv.parts"));
        try (FileChannel channel =
                        FileChannel.open(parts.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThatThrownBy(() -> bench.score(bench.request("rows.csv", "scored.csv")))
                    .hasMessageContaining("is being written by another process");
        }
        Files.writeString(parts.resolve("thesis.txt"), "mine");
        assertThatThrownBy(() -> bench.score(bench.request("rows.csv", "scored.csv")))
                .hasMessageContaining("holds thesis.txt, which scoring didn't write");
        assertThat(parts.resolve("thesis.txt")).exists();
    }
}
