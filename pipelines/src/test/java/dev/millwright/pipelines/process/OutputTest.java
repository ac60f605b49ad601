package dev.millwright.pipelines.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputTest {
    private final OutputLines lines = new OutputLines();

    private List<String> take(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return lines.take(bytes, bytes.length);
    }

    @Test
    void joinsALineThatComesInPieces_alsoWithinACharacter() {
        byte[] bytes = "größer\nrest".getBytes(StandardCharsets.UTF_8);

        assertThat(lines.take(bytes, 3)).isEmpty();
        byte[] more = java.util.Arrays.copyOfRange(bytes, 3, bytes.length);
        assertThat(lines.take(more, more.length)).containsExactly("größer");
        assertThat(lines.rest()).contains("rest");
        assertThat(lines.rest()).isEmpty();
    }

    @Test
    void keepsWhatATerminalWouldShowInTheEnd() {
        assertThat(take("  1 %\r 50 %\r100 %\r\n\u001b[32mgreen\u001b[0m\u0007 text\r\n\tindented\n\n"))
                .containsExactly("100 %", "green text", "\tindented", "");
    }

    @Test
    void cutsALineWithoutEnd_andSaysHowMuch() {
        assertThat(take("x".repeat(20_000) + "\n"))
                .singleElement()
                .asString()
                .hasSize((16 << 10) + " … 3616 bytes more".length())
                .endsWith("x … 3616 bytes more");
    }

    @Test
    void keepsTheBeginningAndTheEndOfALongLog() {
        OutputLog log = new OutputLog(20, 10);
        log.add(IntStream.rangeClosed(1, 20).mapToObj(i -> "line " + i).toList());

        assertThat(new String(log.bytes(), StandardCharsets.UTF_8))
                .isEqualTo("line 1\nline 2\n[… 17 lines, 129 bytes, are left out here]\nline 20\n");
        assertThat(log.last(2)).containsExactly("line 20");
    }

    @Test
    void keepsAllOfAShortLog() {
        OutputLog log = new OutputLog();
        log.add(List.of("one", "two", "three"));

        assertThat(new String(log.bytes(), StandardCharsets.UTF_8)).isEqualTo("one\ntwo\nthree\n");
        assertThat(log.last(2)).containsExactly("two", "three");
    }
}
