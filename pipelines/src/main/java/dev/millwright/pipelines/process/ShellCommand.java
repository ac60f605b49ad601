package dev.millwright.pipelines.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command as {@code sh -c} takes it.
 *
 * @param folder where it starts
 * @param environment all of its variables; nothing else is inherited
 */
public record ShellCommand(String line, Path folder, Map<String, String> environment) {
    public ShellCommand {
        if (line.isBlank()) {
            throw new IllegalArgumentException("line: blank (expected: a command)");
        }
        environment = Map.copyOf(new TreeMap<>(environment));
    }
}
