package dev.millwright.pipelines;

import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** YAML 1.2, one document. */
final class YamlDocument {
    private YamlDocument() {}

    /**
     * The root, or empty after a problem was reported.
     *
     * @param file the name used in messages
     * @param expected what a file without a document should have
     */
    static Optional<Node> compose(String file, String text, String expected, List<Problem> problems) {
        Position start = new Position(file, 1, 1);
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setUseMarks(true)
                    .setAllowDuplicateKeys(false)
                    .setLabel(file)
                    .build();
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                problems.add(Problem.at(start, "the file is empty (expected: " + expected + ")."));
            }
            return root;
        } catch (MarkedYamlEngineException broken) {
            Position where =
                    broken.getProblemMark().map(mark -> position(file, mark)).orElse(start);
            problems.add(Problem.at(where, "not YAML: " + broken.getProblem() + "."));
            return Optional.empty();
        } catch (YamlEngineException broken) {
            problems.add(Problem.at(start, "not YAML: " + broken.getMessage()));
            return Optional.empty();
        }
    }

    private static Position position(String file, Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
