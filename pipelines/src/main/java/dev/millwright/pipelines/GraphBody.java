package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.pipelines.Section.YamlSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.nodes.Node;

/** A node of an inference graph while it is read: it knows where its parts stand, and says there what is wrong with them. */
final class GraphBody {
    private final YamlSource source;
    private final String path;
    private final Position position;
    private final Map<String, Place> places = new HashMap<>();

    /** A part as the document names it. */
    private record Place(String path, Position position) {}

    GraphBody(YamlSource source, String path, Node node) {
        this.source = source;
        this.path = path;
        this.position = source.position(node);
    }

    /** The path of a part: {@code cascade.of[1]}. */
    String child(String key) {
        return key.startsWith("[") ? path + key : path + "." + key;
    }

    /** Notes where a part stands. */
    void place(String key, Node node) {
        place(key, child(key), source.position(node));
    }

    /** Notes where a part stands that problems call by another name than the document. */
    void place(String key, String shown, Position where) {
        places.put(key, new Place(shown, where));
    }

    void report(String key, String message) {
        Place place = Optional.ofNullable(places.get(key)).orElseGet(() -> new Place(child(key), position));
        source.report(place.position(), place.path() + ": " + message);
    }

    /** What is made of the parts; empty when they don't go together, which is reported. */
    <T> Optional<T> made(Supplier<T> making) {
        try {
            return Optional.of(making.get());
        } catch (InvalidInputException wrong) {
            for (Problem problem : wrong.problems()) {
                problem.where()
                        .ifPresentOrElse(
                                where -> source.report(where, problem.message()),
                                () -> report(problem.key().orElse("of"), problem.message()));
            }
            return Optional.empty();
        }
    }
}
