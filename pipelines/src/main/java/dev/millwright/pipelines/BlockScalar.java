package dev.millwright.pipelines;

import dev.millwright.core.Problem.Position;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Finds where the text of a YAML block scalar begins, which YAML's own marks don't say: they point at the {@code |}. */
final class BlockScalar {
    private BlockScalar() {}

    static Position start(String file, Mark indicator) {
        int[] text = indicator.getBuffer();
        int at = indicator.getPointer();
        int line = indicator.getLine() + 1;
        at = endOfLine(text, at) + 1;
        line++;
        while (at < text.length) {
            int column = 1;
            int i = at;
            while (i < text.length && text[i] == ' ') {
                i++;
                column++;
            }
            if (i < text.length && text[i] != '\n' && text[i] != '\r') {
                return new Position(file, line, column);
            }
            at = endOfLine(text, at) + 1;
            line++;
        }
        return new Position(file, indicator.getLine() + 1, indicator.getColumn() + 1);
    }

    private static int endOfLine(int[] text, int from) {
        int i = from;
        while (i < text.length && text[i] != '\n') {
            i++;
        }
        return i;
    }
}
