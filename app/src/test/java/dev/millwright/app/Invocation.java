package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** One call of the command line, made in this process, and what it printed. */
record Invocation(int code, String out, String err) {
    /** Calls {@code millwright ARGUMENTS…}; paths are allowed among the arguments. */
    static Invocation of(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                Map.of());
        int code =
                Main.run(terminal, Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
        return new Invocation(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The same, in a home. */
    static Invocation in(Path home, Object... arguments) {
        Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--home";
        all[arguments.length + 1] = home;
        return of(all);
    }

    /** This call, which must have ended so. */
    Invocation exits(ExitCode expected) {
        assertThat(code).as("exit code; it printed:%n%s%n%s", out, err).isEqualTo(expected.number());
        return this;
    }

    /** The one JSON document on standard output; fails when there is anything else. */
    JsonNode json() {
        try {
            return Json.mapper()
                    .reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(out);
        } catch (JsonProcessingException other) {
            throw new AssertionError("standard output is not one JSON document: " + out, other);
        }
    }
}
