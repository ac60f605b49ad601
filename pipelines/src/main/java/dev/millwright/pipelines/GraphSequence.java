package dev.millwright.pipelines;

import dev.millwright.pipelines.InferenceGraph.Part;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.Section.YamlSource;
import dev.millwright.serving.graph.RowNode;
import dev.millwright.serving.graph.TensorChain;
import dev.millwright.serving.graph.TensorNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a sequence: of parts that take feature rows, or, where one takes tensors, of tensors. */
final class GraphSequence {
    /** What the step before is called. */
    private static final String BEFORE = "prediction";

    private final InferenceGraphReader reader;
    private final GraphNodes nodes;

    GraphSequence(InferenceGraphReader reader, GraphNodes nodes) {
        this.reader = reader;
        this.nodes = nodes;
    }

    /** A step, and what it says of its inputs. */
    private record Step(Node node, Part part, Optional<Node> take) {}

    private YamlSource source() {
        return reader.source();
    }

    Optional<Part> read(Node node, String path) {
        GraphBody body = new GraphBody(source(), path, node);
        if (!(node instanceof SequenceNode list) || list.getValue().size() < 2) {
            source().report(node, path + ": (expected: a list of at least two steps).");
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < list.getValue().size(); i++) {
            body.place("[" + i + "]", list.getValue().get(i));
            step(list.getValue().get(i), body.child("[" + i + "]")).ifPresent(steps::add);
        }
        if (steps.size() < list.getValue().size()) {
            return Optional.empty();
        }
        if (steps.getFirst().take().isPresent()) {
            body.report("[0]", "take: in the first step (expected: in a later one, for nothing comes before this).");
            return Optional.empty();
        }
        return steps.stream().allMatch(step -> step.part() instanceof Part.Rows)
                ? rows(path, steps).map(Part.Rows::new)
                : tensors(body, path, steps);
    }

    private Optional<Step> step(Node node, String path) {
        if (!(node instanceof MappingNode)) {
            return reader.part(node, path).map(part -> new Step(node, part, Optional.empty()));
        }
        Section section = Section.of(source(), path, node);
        Optional<Node> take = section.node("take");
        Optional<Part> part = reader.kind(section);
        section.close();
        return part.map(found -> new Step(node, found, take));
    }

    private Optional<RowNode> rows(String path, List<Step> steps) {
        Optional<RowNode> whole = Optional.of(((Part.Rows) steps.getFirst().part()).node());
        for (int i = 1; i < steps.size() && whole.isPresent(); i++) {
            Step step = steps.get(i);
            GraphBody body = new GraphBody(source(), path + "[" + i + "]", step.node());
            body.place(
                    "of." + BEFORE,
                    path + "[" + (i - 1) + "]",
                    source().position(steps.get(i - 1).node()));
            TakenColumns taken = new TakenColumns(source(), List.of(BEFORE), List.of(whole.get()));
            whole = nodes.stacked(body, taken, ((Part.Rows) step.part()).node(), step.take());
        }
        return whole;
    }

    private Optional<Part> tensors(GraphBody body, String path, List<Step> steps) {
        List<TensorChain.Step> links = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Optional<Map<String, String>> take = names(steps.get(i), path + "[" + i + "].take");
            Optional<TensorNode> node = switch (steps.get(i).part()) {
                case Part.Rows(RowNode rows) -> Optional.of(new TensorNode.OfRows(rows));
                case Part.Tensors(TensorNode tensors) -> Optional.of(tensors);
                case Part.Chain chain -> Optional.empty();
            };
            if (node.isEmpty()) {
                body.report("[" + i + "]", "a sequence of tensors (expected: its steps). Put them here one by one.");
            }
            take.ifPresent(map -> node.ifPresent(found -> links.add(new TensorChain.Step(found, map))));
        }
        return links.size() == steps.size()
                ? body.made(() -> {
                    TensorChain.check(links);
                    return new Part.Chain(links);
                })
                : Optional.empty();
    }

    private Optional<Map<String, String>> names(Step step, String path) {
        Map<String, String> names = new LinkedHashMap<>();
        if (step.take().isEmpty()) {
            return Optional.of(names);
        }
        Map<String, Node> entries =
                Section.of(source(), path, step.take().get()).entries();
        entries.forEach((input, output) ->
                source().text(output, path + "." + input).map(Located::text).ifPresent(name -> names.put(input, name)));
        return names.size() == entries.size() ? Optional.of(names) : Optional.empty();
    }
}
