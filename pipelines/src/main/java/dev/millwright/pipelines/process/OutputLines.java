package dev.millwright.pipelines.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Bytes into lines, as they stand on a terminal in the end: what a carriage return went back over is gone, and so are colours and
 * other control sequences. UTF-8; bytes that are none become U+FFFD. Not thread-safe.
 */
final class OutputLines {
    private static final int LONGEST = 16 << 10;
    private static final Pattern CONTROL = Pattern.compile(
            "\\u001b\\[[0-?]*[ -/]*[@-~]|\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?|\\u001b.|[\\p{Cntrl}&&[^\t]]");

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long cut;
    private boolean returned;

    /** The lines that {@code count} more bytes complete. */
    List<String> take(byte[] bytes, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte next = bytes[i];
            if (next == '\n') {
                lines.add(end());
            } else if (next == '\r') {
                returned = true;
            } else {
                add(next);
            }
        }
        return lines;
    }

    private void add(byte next) {
        if (returned) {
            clear();
        }
        if (line.size() < LONGEST) {
            line.write(next);
        } else {
            cut++;
        }
    }

    /** What was begun and not ended by a line feed. */
    Optional<String> rest() {
        return line.size() == 0 ? Optional.empty() : Optional.of(end());
    }

    private String end() {
        String text = CONTROL.matcher(line.toString(StandardCharsets.UTF_8)).replaceAll("");
        String whole = cut == 0 ? text : text + " … " + cut + " bytes more";
        clear();
        return whole;
    }

    private void clear() {
        line.reset();
        cut = 0;
        returned = false;
    }
}
