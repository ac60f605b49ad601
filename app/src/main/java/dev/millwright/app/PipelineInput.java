package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.RunRequest;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a pipeline file and its settings from the command line. */
final class PipelineInput {
    private PipelineInput() {}

    /**
     * The request that FILE and {@code --set} options make.
     *
     * @throws InvalidInputException when the file can't be read or a setting is no NAME=VALUE
     */
    static RunRequest read(Path file, List<String> settings) {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isRegularFile(absolute)) {
            throw new InvalidInputException(
                    file + ": no such file (expected: a pipeline file). 'millwright init' writes one.");
        }
        try {
            return new RunRequest(file.toString(), folder, Files.readString(absolute), settings(settings));
        } catch (MalformedInputException binary) {
            throw new InvalidInputException(file + ": not text in UTF-8 (expected: a pipeline file in YAML).");
        } catch (IOException unreadable) {
            throw new InvalidInputException(file + ": cannot be read: " + unreadable.getMessage());
        }
    }

    private static Map<String, String> settings(List<String> options) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                problems.add(Problem.of("--set " + option + " (expected: NAME=VALUE)."));
            } else {
                settings.put(option.substring(0, equals), absolute(option.substring(equals + 1)));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return settings;
    }

    /** A relative path that exists is meant from here, not from the folder of the pipeline file. */
    private static String absolute(String value) {
        Path path = Path.of(value);
        boolean meant = value.contains("/") || Files.isDirectory(path);
        return meant && !path.isAbsolute() && Files.exists(path)
                ? path.toAbsolutePath().normalize().toString()
                : value;
    }
}
