package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.pipelines.PipelineFile.Located;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The text of an inference graph, in which aliases become the versions that they mean now. For one thread. */
final class GraphText {
    private final String text;
    private final Map<Position, Named> named = new HashMap<>();

    /** What stands in the text, and which version it means. */
    private record Named(Located written, String version) {}

    GraphText(String text) {
        this.text = text;
    }

    /** Notes which version a name means. */
    void name(Located written, String version) {
        named.put(written.position(), new Named(written, version));
    }

    /** The text with versions alone. */
    String resolved() {
        List<String> lines = new ArrayList<>(text.lines().toList());
        List<Named> lastFirst = named.values().stream()
                .filter(each -> !each.written().text().equals(each.version()))
                .sorted(Comparator.comparingInt(
                                (Named each) -> each.written().position().column())
                        .reversed())
                .toList();
        for (Named each : lastFirst) {
            Position at = each.written().position();
            String line = lines.get(at.line() - 1);
            String written = each.written().text();
            if (!line.startsWith(written, at.column() - 1)) {
                throw new InvalidInputException(List.of(Problem.at(
                        at,
                        written + " (expected: the name alone, on one line, after plain text). Write " + each.version()
                                + " instead.")));
            }
            lines.set(
                    at.line() - 1,
                    line.substring(0, at.column() - 1)
                            + each.version()
                            + line.substring(at.column() - 1 + written.length()));
        }
        return String.join("\n", lines) + "\n";
    }
}
