package dev.millwright.pipelines;

import dev.millwright.core.ModelSignature.Input;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.Section.YamlSource;
import dev.millwright.serving.graph.Average;
import dev.millwright.serving.graph.Cascade;
import dev.millwright.serving.graph.Choose;
import dev.millwright.serving.graph.RowCondition;
import dev.millwright.serving.graph.RowNode;
import dev.millwright.serving.graph.Source;
import dev.millwright.serving.graph.Stacking;
import dev.millwright.serving.graph.Sureness;
import dev.millwright.serving.graph.Together;
import dev.millwright.serving.graph.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the nodes of an inference graph that ask parts which take feature rows. */
final class GraphNodes {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    private final InferenceGraphReader reader;
    private final Together together;

    GraphNodes(InferenceGraphReader reader, Together together) {
        this.reader = reader;
        this.together = together;
    }

    private YamlSource source() {
        return reader.source();
    }

    Optional<RowNode> average(Node node, String path) {
        GraphBody body = new GraphBody(source(), path, node);
        Section section = Section.of(source(), path, node);
        Optional<List<RowNode>> members = several(body, section);
        Optional<List<Double>> weights = weights(body, section);
        Optional<Double> said =
                section.parsed("threshold", (text, at) -> Values.number(text, at.child("threshold"), source()));
        section.close();
        if (members.isEmpty() || weights.isEmpty()) {
            return Optional.empty();
        }
        if (said.filter(bound -> !(bound > 0 && bound < 1)).isPresent()) {
            body.report("threshold", said.get() + " (expected: between 0 and 1)");
            return Optional.empty();
        }
        List<Double> thresholds = said.isPresent() ? List.of(said.get()) : thresholds(members.get());
        if (thresholds.size() > 1) {
            body.report(
                    "of",
                    "the members decide from " + thresholds + " on (expected: one threshold). Add 'threshold: "
                            + thresholds.getFirst() + "'.");
            return Optional.empty();
        }
        double threshold = thresholds.isEmpty() ? 0 : thresholds.getFirst();
        return body.made(() -> Average.of(members.get(), weights.get(), threshold, together));
    }

    private static List<Double> thresholds(List<RowNode> members) {
        return members.stream()
                .filter(member -> member.signature().task().isClassification())
                .map(member -> member.signature().threshold())
                .distinct()
                .toList();
    }

    Optional<RowNode> vote(Node node, String path) {
        GraphBody body = new GraphBody(source(), path, node);
        Section section = Section.of(source(), path, node);
        Optional<List<RowNode>> members = several(body, section);
        Optional<List<Double>> weights = weights(body, section);
        section.close();
        return members.isEmpty() || weights.isEmpty()
                ? Optional.empty()
                : body.made(() -> Vote.of(members.get(), weights.get(), together));
    }

    Optional<RowNode> cascade(Node node, String path) {
        GraphBody body = new GraphBody(source(), path, node);
        Section section = Section.of(source(), path, node);
        Optional<List<RowNode>> members = several(body, section);
        Optional<Sureness> sureness = sureness(body, section);
        section.close();
        return members.isEmpty() || sureness.isEmpty()
                ? Optional.empty()
                : body.made(() -> Cascade.of(members.get(), sureness.get()));
    }

    private Optional<Sureness> sureness(GraphBody body, Section section) {
        List<String> named = Stream.of("sure", "margin")
                .filter(key -> section.node(key).isPresent())
                .toList();
        if (named.size() != 1) {
            body.report(
                    "sure",
                    (named.isEmpty() ? "missing" : "beside margin")
                            + " (expected: either 'sure: 0.9', how probable the likeliest class has to be, or 'margin: 0.5',"
                            + " how much more so than the next).");
            return Optional.empty();
        }
        String key = named.getFirst();
        body.place(key, section.node(key).orElseThrow());
        return section.<Double>parsed(key, (text, at) -> Values.number(text, at.child(key), source()))
                .flatMap(bound -> body.made(
                        () -> key.equals("sure") ? new Sureness.Probability(bound) : new Sureness.Margin(bound)));
    }

    private Optional<List<RowNode>> several(GraphBody body, Section section) {
        List<Node> items = section.items("of");
        if (items.size() < 2) {
            body.report("of", Text.count(items.size(), "member") + " (expected: at least two, as a list).");
            return Optional.empty();
        }
        body.place("of", items.getFirst());
        return reader.rows(body, items, i -> "of[" + i + "]");
    }

    private Optional<List<Double>> weights(GraphBody body, Section section) {
        List<Located> texts = section.texts("weights");
        section.node("weights").ifPresent(node -> body.place("weights", node));
        List<Double> weights = texts.stream()
                .flatMap(text -> Values.number(text, body.child("weights"), source()).stream())
                .toList();
        return weights.size() == texts.size() ? Optional.of(weights) : Optional.empty();
    }

    Optional<RowNode> choose(Node node, String path) {
        GraphBody body = new GraphBody(source(), path, node);
        if (!(node instanceof SequenceNode list) || list.getValue().size() < 2) {
            source().report(
                            node,
                            path + ": (expected: a list of '- when: CONDITION' with 'then: …', and '- otherwise: …' at"
                                    + " last).");
            return Optional.empty();
        }
        List<Located> conditions = new ArrayList<>();
        List<Node> asked = new ArrayList<>();
        for (int i = 0; i < list.getValue().size(); i++) {
            boolean last = i == list.getValue().size() - 1;
            Section section = Section.of(
                    source(), body.child("[" + i + "]"), list.getValue().get(i));
            if (last) {
                section.node("otherwise").ifPresentOrElse(asked::add, () -> section.requiredText("otherwise"));
            } else {
                Located when = section.requiredText("when");
                section.node("then").ifPresentOrElse(asked::add, () -> section.requiredText("then"));
                conditions.add(when);
            }
            section.close();
        }
        boolean whole = asked.size() == list.getValue().size()
                && conditions.stream().noneMatch(condition -> condition.text().isEmpty());
        Optional<List<RowNode>> members = reader.rows(body, asked, i -> "[" + i + "]");
        return whole && members.isPresent() ? choose(body, members.get(), conditions) : Optional.empty();
    }

    private Optional<RowNode> choose(GraphBody body, List<RowNode> members, List<Located> texts) {
        List<Input> columns = Stream.concat(
                        members.stream().flatMap(member -> member.signature().inputs().stream()),
                        reader.declared().stream())
                .distinct()
                .toList();
        List<RowCondition> conditions = texts.stream()
                .flatMap(text -> body.<RowCondition>made(() -> FrameCondition.of(text, columns)).stream())
                .toList();
        return conditions.size() == texts.size()
                ? body.made(() -> Choose.of(members, conditions, together))
                : Optional.empty();
    }

    Optional<RowNode> stacking(Node node, String path) {
        GraphBody body = new GraphBody(source(), path, node);
        Section section = Section.of(source(), path, node);
        Map<String, Node> named =
                section.requiredSection("of").map(Section::entries).orElse(Map.of());
        named.keySet().stream()
                .filter(name -> !NAME.matcher(name).matches())
                .forEach(name -> body.report(
                        "of." + name, "(expected: a name of letters, digits, _ and -, beginning with a letter)"));
        List<String> names = List.copyOf(named.keySet());
        Optional<List<RowNode>> members = reader.rows(body, List.copyOf(named.values()), i -> "of." + names.get(i));
        Optional<Node> last = section.node("final");
        if (last.isEmpty()) {
            section.requiredText("final");
        }
        Optional<Node> take = section.node("take");
        section.close();
        last.ifPresent(at -> body.place("final", at));
        Optional<RowNode> asked = last.flatMap(at -> reader.row(body, "final", at));
        return members.isEmpty() || members.get().isEmpty() || asked.isEmpty()
                ? Optional.empty()
                : stacked(body, new TakenColumns(source(), names, members.get()), asked.get(), take);
    }

    /** A part that takes what others predict. */
    Optional<RowNode> stacked(GraphBody body, TakenColumns taken, RowNode last, Optional<Node> take) {
        Optional<List<Source>> sources = taken.of(body, take, last.signature().inputs());
        if (sources.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> unused =
                TakenColumns.unused(sources.get(), taken.members().size());
        unused.forEach(member -> body.report(
                "of." + taken.names().get(member),
                "nothing of it is taken by what comes next (expected: a column "
                        + taken.names().get(member) + "). Say which column it is, with 'take: {COLUMN: "
                        + taken.names().get(member) + "}'."));
        return unused.isEmpty()
                ? body.made(() -> Stacking.of(taken.names(), taken.members(), last, sources.get(), together))
                : Optional.empty();
    }
}
