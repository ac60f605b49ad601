package dev.millwright.pipelines;

import dev.millwright.pipelines.PipelineFile.Command;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.MemoryLimit;
import dev.millwright.pipelines.Section.YamlSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what {@code train:} says about a command. */
final class CommandReader {
    static final Duration DEFAULT_TIME_LIMIT = Duration.ofHours(1);

    private static final List<String> BESIDE = List.of("time_limit", "memory_limit", "environment", "files");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private CommandReader() {}

    /** The command, if one trains; keys that only a command has use for are mistakes where there is none. */
    static Optional<Command> read(Section train) {
        Optional<Located> line = train.text("run");
        Duration timeLimit = train.<Duration>parsed(
                        "time_limit", (text, at) -> timeLimit(text, at.child("time_limit"), at.source()))
                .orElse(DEFAULT_TIME_LIMIT);
        Optional<MemoryLimit> memoryLimit = train.parsed(
                "memory_limit",
                (text, at) -> Values.bytes(text, at.child("memory_limit"), at.source())
                        .map(bytes -> new MemoryLimit(bytes, text.position())));
        Map<String, String> environment =
                train.section("environment").map(CommandReader::environment).orElse(Map.of());
        List<Located> files = train.texts("files");
        if (line.isEmpty()) {
            refuseAlone(train);
            return Optional.empty();
        }
        if (train.node("learners").isPresent()) {
            train.source()
                    .report(
                            train.position("learners"),
                            "train.learners: beside 'run' (expected: one of the two). The command trains the model.");
        }
        if (line.get().text().isBlank()) {
            train.source()
                    .report(train.position("run"), "train.run: empty (expected: a command such as 'python train.py').");
            return Optional.empty();
        }
        return Optional.of(new Command(line.get(), timeLimit, memoryLimit, environment, files));
    }

    private static void refuseAlone(Section train) {
        for (String key : BESIDE) {
            if (train.node(key).isPresent()) {
                train.source()
                        .report(
                                train.position(key),
                                train.child(key) + ": without a command (expected: 'run: COMMAND' beside it).");
            }
        }
    }

    private static Optional<Duration> timeLimit(Located text, String path, YamlSource source) {
        Optional<Duration> limit = Values.duration(text, path, source);
        if (limit.filter(Duration::isZero).isPresent()) {
            source.report(text.position(), path + ": " + text + " (expected: longer than nothing).");
            return Optional.empty();
        }
        return limit;
    }

    private static Map<String, String> environment(Section section) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String name : section.entries().keySet()) {
            if (!VARIABLE.matcher(name).matches()) {
                section.source()
                        .report(
                                section.position(name),
                                section.child(name)
                                        + ": not a variable (expected: letters, digits and '_', the first no digit).");
            } else if (TrainingVariables.isReserved(name)) {
                section.source()
                        .report(
                                section.position(name),
                                section.child(name) + ": set by Millwright (expected: another name).");
            }
            section.text(name).ifPresent(value -> variables.put(name, value.text()));
        }
        return variables;
    }
}
