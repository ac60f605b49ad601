package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init} writes a file that is valid and runs as it is, whatever the data looks like. */
class InitTest {
    private static final int ROWS = 600;

    @TempDir
    Path folder;

    /** A row of the data: its number and two signals, of which the label is made. */
    private record Row(int number, double first, int second, double noise) {
        double signal() {
            return first + second + noise;
        }

        String plainColumns() {
            return String.format(Locale.ROOT, "%.3f,%d,%s", first, second, second > 0 ? "up" : "down");
        }
    }

    private static final String PLAIN = "weight,step,direction";

    private Path write(String header, Function<Row, String> line) {
        Random random = new Random(3);
        String lines = IntStream.range(0, ROWS)
                .mapToObj(number ->
                        new Row(number, random.nextGaussian(), random.nextInt(7) - 3, random.nextGaussian() / 4))
                .map(line)
                .collect(Collectors.joining("\n"));
        return Customers.write(folder.resolve("some data.csv"), header + "\n" + lines + "\n");
    }

    /** Writes the pipeline, checks it, and runs it. */
    private JsonNode initAndRun(Path data, String label) {
        Path file = folder.resolve("first.yaml");
        Invocation.of("init", data, "--label", label, "--output", file).exits(ExitCode.DONE);
        Invocation valid = Invocation.of("validate", file);
        assertThat(valid.code()).as("%s%n%s", read(file), valid.err()).isZero();
        return Invocation.in(folder.resolve("home"), "run", file, "--json")
                .exits(ExitCode.DONE)
                .json();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void startsABinaryClassification() {
        Path data = write(
                "key," + PLAIN + ",left",
                row -> "k" + row.number() + "," + row.plainColumns() + "," + (row.signal() > 0 ? "yes" : "no"));

        JsonNode run = initAndRun(data, "left");

        assertThat(run.path("metrics").path("test").path("roc_auc").asDouble()).isGreaterThan(0.9);
        assertThat(run.path("pipeline").asText()).isEqualTo("some-data");
    }

    @Test
    void startsAMulticlassClassification() {
        Path data = write(
                PLAIN + ",colour",
                row -> row.plainColumns() + "," + (row.signal() > 1 ? "red" : row.signal() > -1 ? "green" : "blue"));

        assertThat(initAndRun(data, "colour")
                        .path("metrics")
                        .path("test")
                        .path("accuracy")
                        .asDouble())
                .isGreaterThan(0.7);
    }

    @Test
    void startsARegression() {
        Path data = write(
                PLAIN + ",price",
                row -> row.plainColumns() + "," + String.format(Locale.ROOT, "%.4f", 100 + 10 * row.signal()));

        assertThat(initAndRun(data, "price")
                        .path("metrics")
                        .path("test")
                        .path("r2")
                        .asDouble())
                .isGreaterThan(0.9);
    }

    @Test
    void splitsByTime_whereThereAreTimestamps() {
        Path data = write(
                "at," + PLAIN + ",left",
                row -> String.format(Locale.ROOT, "2026-01-%02d %02d:30:00,", 1 + row.number() / 24, row.number() % 24)
                        + row.plainColumns() + "," + (row.signal() > 0));

        initAndRun(data, "left");

        assertThat(read(folder.resolve("first.yaml"))).contains("timestamp: at").contains("by: time");
    }

    @Test
    void quotesWhateverAColumnIsCalled() {
        List<String> names = List.of(
                "order",
                "table",
                "limit",
                "offset",
                "natural join",
                "say \"\"so\"\"",
                "it's",
                "Größe",
                "数量",
                "a.b",
                "50%",
                "x,y",
                "1st",
                "_under",
                "NULL",
                "user",
                "column",
                "trailing ",
                "c#",
                "key: value");
        String header = names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(","));
        Path data = write(
                header + ",\"left or \"\"not\"\"?\"",
                row -> IntStream.range(0, names.size())
                                .mapToObj(i -> i % 3 == 0
                                        ? String.format(Locale.ROOT, "%.3f", row.first() + i)
                                        : i % 3 == 1
                                                ? Integer.toString(row.second())
                                                : row.second() > 0 ? "up" : "down")
                                .collect(Collectors.joining(","))
                        + "," + (row.signal() > 0 ? "yes" : "no"));

        JsonNode run = initAndRun(data, "left or \"not\"?");

        assertThat(run.path("metrics").path("test").path("roc_auc").asDouble()).isGreaterThan(0.9);
    }

    @Test
    void refusesAnUnknownLabel_withASuggestion() {
        Path data = write(PLAIN + ",left", row -> row.plainColumns() + ",yes");

        assertThat(Invocation.of("init", data, "--label", "lefd", "--output", folder.resolve("a.yaml"))
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("lefd")
                .contains("'left'");
        assertThat(Invocation.of("init", data, "--label", "left", "--output", folder.resolve("a.yaml"))
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("1 different value");
        assertThat(folder.resolve("a.yaml")).doesNotExist();
    }

    @Test
    void overwritesNothing_unlessTold() {
        Path data = write(PLAIN + ",left", row -> row.plainColumns() + "," + (row.signal() > 0));
        Path file = Customers.write(folder.resolve("mine.yaml"), "mine");

        assertThat(Invocation.of("init", data, "--label", "left", "--output", file)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--force");
        assertThat(file).hasContent("mine");
        Invocation.of("init", data, "--label", "left", "--output", file, "--force")
                .exits(ExitCode.DONE);
        assertThat(read(file)).contains("label: '\"left\"'");
    }

    @Test
    void saysWhatGivesTheLabelAway() throws IOException {
        Path data = write(
                PLAIN + ",outcome,label",
                row -> row.plainColumns() + "," + (row.signal() > 0 ? "won" : "lost") + row.number() % 30 + ","
                        + (row.signal() > 0));
        Path file = folder.resolve("first.yaml");
        String sentence =
                "outcome alone predicts nearly every label (ROC AUC 1.000). Is it the label in another form, or"
                        + " known only after it?";
        assertThat(Invocation.of("init", data, "--label", "label", "--output", file)
                        .exits(ExitCode.DONE)
                        .err())
                .contains("leakage: " + sentence);
        assertThat(Files.readString(file)).contains("# Leakage: " + sentence);
    }
}
