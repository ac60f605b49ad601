package dev.millwright.pipelines;

import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.core.Words;
import dev.millwright.pipelines.PipelineFile.Located;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of the pipeline file that is read key by key. Mistakes are collected, not thrown: a reader goes on with a
 * harmless stand-in, so that one look finds all of them. {@link #close} reports the keys that nobody asked for.
 */
final class Section {
    private final YamlSource source;
    private final String path;
    private final Position position;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Position> keys = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();

    private Section(YamlSource source, String path, Position position) {
        this.source = source;
        this.path = path;
        this.position = position;
    }

    /** Reads {@code node} as a mapping; anything else is a mistake and reads as an empty one. */
    static Section of(YamlSource source, String path, Node node) {
        Section section = new Section(source, path, source.position(node));
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                section.add(tuple);
            }
        } else {
            source.report(node, path + ": not a mapping (expected: 'key: value' lines under it).");
        }
        return section;
    }

    private void add(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            source.report(tuple.getKeyNode(), path + ": a key is not plain text (expected: 'key: value').");
            return;
        }
        if (keys.containsKey(key.getValue())) {
            source.report(key, child(key.getValue()) + ": a second time (expected: each key once).");
        }
        keys.put(key.getValue(), source.position(key));
        values.put(key.getValue(), tuple.getValueNode());
    }

    Position position() {
        return position;
    }

    Position position(String key) {
        return Optional.ofNullable(keys.get(key)).orElse(position);
    }

    /** Where each key stands. */
    Map<String, Position> positions() {
        return Collections.unmodifiableMap(keys);
    }

    /** Every key in the order of the file: for mappings whose keys the user chooses. */
    Map<String, Node> entries() {
        known.addAll(values.keySet());
        return values;
    }

    Optional<Node> node(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key)).filter(node -> !source.isNull(node));
    }

    Optional<Section> section(String key) {
        return node(key).map(node -> of(source, child(key), node));
    }

    Optional<Section> requiredSection(String key) {
        Optional<Section> section = section(key);
        if (section.isEmpty()) {
            missing(key);
        }
        return section;
    }

    Optional<Located> text(String key) {
        return node(key).flatMap(node -> source.text(node, child(key)));
    }

    /** The text at {@code key}; when it is missing, that is reported and the stand-in is empty. */
    Located requiredText(String key) {
        Optional<Located> text = text(key);
        if (text.isEmpty() && node(key).isEmpty()) {
            missing(key);
        }
        return text.orElseGet(() -> new Located("", position));
    }

    /** Texts in a sequence, or a single one. */
    List<Located> texts(String key) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof SequenceNode sequence) {
            return sequence.getValue().stream()
                    .flatMap(item -> source.text(item, child(key)).stream())
                    .toList();
        }
        return source.text(node.get(), child(key)).stream().toList();
    }

    /** The nodes of a sequence, or a single node. */
    List<Node> items(String key) {
        return node(key)
                .map(node -> node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node))
                .orElse(List.of());
    }

    /** Reads a text by {@code parse}, whose problems are reported at the value. */
    <T> Optional<T> parsed(String key, BiFunction<Located, Section, Optional<T>> parse) {
        return text(key).flatMap(text -> parse.apply(text, this));
    }

    /** One of the words of an enum, in lower case. */
    <E extends Enum<E>> Optional<E> word(String key, Class<E> type) {
        return parsed(key, (text, section) -> Values.word(text, child(key), type, source));
    }

    String child(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    YamlSource source() {
        return source;
    }

    private void missing(String key) {
        source.report(
                position,
                (path.isEmpty() ? "the file" : path) + ": has no '" + key + "' (expected: '" + key + ": …').");
    }

    /** Reports every key that was not asked for, with the nearest that would have been. */
    void close() {
        keys.forEach((key, where) -> {
            if (!known.contains(key)) {
                source.report(
                        where,
                        child(key) + ": unknown key."
                                + Words.suggestion(
                                        key, known.stream().distinct().toList()));
            }
        });
    }

    /** What all sections of one file share: where problems go, how variables are filled in. */
    static final class YamlSource {
        private final String file;
        private final Map<String, String> settings;
        private final List<Problem> problems;

        YamlSource(String file, Map<String, String> settings, List<Problem> problems) {
            this.file = file;
            this.settings = settings;
            this.problems = problems;
        }

        Position position(Node node) {
            return node.getStartMark()
                    .map(mark -> new Position(file, mark.getLine() + 1, mark.getColumn() + 1))
                    .orElseGet(() -> new Position(file, 1, 1));
        }

        boolean isNull(Node node) {
            return node instanceof ScalarNode scalar
                    && scalar.getScalarStyle() == ScalarStyle.PLAIN
                    && (scalar.getValue().isEmpty()
                            || scalar.getValue().equals("null")
                            || scalar.getValue().equals("~"));
        }

        Optional<Located> text(Node node, String path) {
            if (!(node instanceof ScalarNode scalar)) {
                report(
                        node,
                        path + ": a " + node.getNodeType().name().toLowerCase(Locale.ROOT) + " (expected: one value).");
                return Optional.empty();
            }
            return Optional.of(new Located(
                    Variables.fill(scalar.getValue(), settings, text -> report(node, text)), start(scalar)));
        }

        /** Where the text itself begins: for a block scalar, its first line under the {@code |}. */
        private Position start(ScalarNode scalar) {
            Position position = position(scalar);
            if (scalar.getScalarStyle() != ScalarStyle.LITERAL && scalar.getScalarStyle() != ScalarStyle.FOLDED) {
                boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
                return quoted ? new Position(file, position.line(), position.column() + 1) : position;
            }
            return scalar.getStartMark()
                    .map(mark -> BlockScalar.start(file, mark))
                    .orElse(position);
        }

        void report(Node node, String message) {
            report(position(node), message);
        }

        void report(Position where, String message) {
            problems.add(Problem.at(where, message));
        }
    }
}
