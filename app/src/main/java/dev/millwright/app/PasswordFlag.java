package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a password comes from: never from the command line, which others can see. */
final class PasswordFlag {
    @Option(names = "--password-stdin", description = "Read the password from standard input, its first line.")
    private boolean fromInput;

    String read() throws IOException {
        return fromInput ? line() : asked();
    }

    private static String line() throws IOException {
        String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new InvalidInputException("--password-stdin: nothing came (expected: a line with the password)");
        }
        return line;
    }

    private static String asked() {
        Console console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() -> new InvalidInputException(
                        "password: there is no terminal to ask on (expected: one, or --password-stdin)"));
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Once more: ");
        if (first == null || !Arrays.equals(first, second)) {
            throw new InvalidInputException("password: the two differ (expected: the same twice). Try again.");
        }
        return new String(first);
    }
}
