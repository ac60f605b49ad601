package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What a registered inference graph asks, as a tree to be shown.
 *
 * @param name what the node does ({@code cascade}), or the version that is asked ({@code churn/3})
 * @param isModel whether it is a version
 * @param detail what is said about the node besides; may be empty
 */
public record GraphOutline(String name, boolean isModel, String detail, List<Branch> branches) {
    public GraphOutline {
        branches = List.copyOf(branches);
    }

    /**
     * A part of a node.
     *
     * @param label when it is asked, or what it is called; may be empty
     */
    public record Branch(String label, GraphOutline part) {}

    /** That of a version; empty when it is no inference graph. */
    public static Optional<GraphOutline> of(Registry registry, ModelVersion version) {
        Artifact document = version.artifacts().get(ModelVersion.INFERENCE_GRAPH);
        return Optional.ofNullable(document)
                .map(stored ->
                        read(version.id(), new String(registry.artifacts().read(stored), StandardCharsets.UTF_8)));
    }

    private static GraphOutline read(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        Optional<Node> root = YamlDocument.compose(name, text, "an inference graph", problems);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return part(root.orElseThrow());
    }

    private static GraphOutline part(@Nullable Node node) {
        if (node instanceof ScalarNode named) {
            return new GraphOutline(named.getValue(), true, "", List.of());
        }
        Map<String, Node> entries = entries(node);
        for (Map.Entry<String, Node> entry : entries.entrySet()) {
            switch (entry.getKey()) {
                case "model" -> {
                    return part(entry.getValue());
                }
                case "average", "vote" -> {
                    return weighted(entry.getKey(), entries(entry.getValue()));
                }
                case "cascade" -> {
                    return cascade(entries(entry.getValue()));
                }
                case "stacking" -> {
                    return stacking(entries(entry.getValue()));
                }
                case "choose" -> {
                    return choose(items(entry.getValue()));
                }
                case "sequence" -> {
                    return sequence(items(entry.getValue()));
                }
                default -> {
                    // What a node says besides: inputs, take.
                }
            }
        }
        throw new IllegalStateException("a stored inference graph has a part without a node: " + entries.keySet());
    }

    private static GraphOutline weighted(String name, Map<String, Node> body) {
        List<Node> members = items(body.get("of"));
        List<Node> weights = items(body.get("weights"));
        List<Branch> branches = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            branches.add(new Branch(weights.isEmpty() ? "" : "weight " + text(weights.get(i)), part(members.get(i))));
        }
        return new GraphOutline(name, false, said(body, "threshold", "threshold "), branches);
    }

    private static GraphOutline cascade(Map<String, Node> body) {
        List<Branch> branches = new ArrayList<>();
        for (Node member : items(body.get("of"))) {
            branches.add(new Branch(branches.isEmpty() ? "first" : "for rows that are not sure", part(member)));
        }
        return new GraphOutline(
                "cascade",
                false,
                said(body, "sure", "sure from a probability of ") + said(body, "margin", "sure from a margin of "),
                branches);
    }

    private static GraphOutline stacking(Map<String, Node> body) {
        List<Branch> branches = new ArrayList<>();
        entries(body.get("of")).forEach((name, member) -> branches.add(new Branch(name, part(member))));
        branches.add(new Branch("final, which takes what they predict", part(body.get("final"))));
        return new GraphOutline("stacking", false, "", branches);
    }

    private static GraphOutline choose(List<Node> items) {
        List<Branch> branches = new ArrayList<>();
        for (Node item : items) {
            Map<String, Node> body = entries(item);
            branches.add(
                    body.containsKey("when")
                            ? new Branch("when " + text(body.get("when")), part(body.get("then")))
                            : new Branch("otherwise", part(body.get("otherwise"))));
        }
        return new GraphOutline("choose", false, "", branches);
    }

    private static GraphOutline sequence(List<Node> items) {
        List<Branch> branches = new ArrayList<>();
        for (Node item : items) {
            branches.add(new Branch(branches.isEmpty() ? "first" : "then", part(item)));
        }
        return new GraphOutline("sequence", false, "", branches);
    }

    private static String said(Map<String, Node> body, String key, String words) {
        return body.containsKey(key) ? words + text(body.get(key)) : "";
    }

    private static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue().strip() : "";
    }

    private static List<Node> items(@Nullable Node node) {
        return node instanceof SequenceNode list ? list.getValue() : List.of();
    }

    private static Map<String, Node> entries(@Nullable Node node) {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(entry -> entries.put(text(entry.getKeyNode()), entry.getValueNode()));
        }
        return entries;
    }
}
