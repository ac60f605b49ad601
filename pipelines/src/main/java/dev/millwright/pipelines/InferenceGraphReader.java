package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.InferenceGraph.Part;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.MonitorPlan;
import dev.millwright.pipelines.PipelineFile.OnBreach;
import dev.millwright.pipelines.Section.YamlSource;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.graph.ModelNode;
import dev.millwright.serving.graph.RowNode;
import dev.millwright.serving.graph.TensorNode;
import dev.millwright.serving.graph.Together;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads the document of an inference graph, and puts its members together. Every mistake is found in one look: a part that can't be
 * made is left out, and what it belongs to is not judged.
 */
final class InferenceGraphReader {
    private static final List<String> KINDS =
            List.of("average", "vote", "stacking", "choose", "cascade", "sequence", "model");
    private static final String EXPECTED = "one of " + String.join(", ", KINDS);
    /** So that neither depth nor references within the document take all memory. */
    private static final int MOST_PARTS = 500;

    private static final int DEEPEST = 20;

    private final List<Problem> problems = new ArrayList<>();
    private final YamlSource source;
    private final GraphMembers members;
    private final GraphText text;
    private final GraphNodes nodes;
    private final Map<String, Input> declared = new LinkedHashMap<>();
    private Optional<MonitorPlan> monitor = Optional.empty();
    private int parts;
    private int depth;

    private InferenceGraphReader(String file, String text, GraphMembers members, Executor background) {
        this.source = new YamlSource(file, Map.of(), problems);
        this.members = members;
        this.text = new GraphText(text);
        this.nodes = new GraphNodes(this, new Together(background));
    }

    /**
     * Reads a document.
     *
     * @param file the name used in messages
     * @param background where members may be asked at the same time
     * @throws InvalidInputException with every mistake, in the order of the document
     */
    static InferenceGraph read(String file, String text, GraphMembers members, Executor background) {
        InferenceGraphReader reader = new InferenceGraphReader(file, text, members, background);
        Optional<Part> root =
                YamlDocument.compose(file, text, EXPECTED, reader.problems).flatMap(reader::root);
        if (!reader.problems.isEmpty()) {
            throw new InvalidInputException(Problems.inOrder(reader.problems));
        }
        return new InferenceGraph(root.orElseThrow(), reader.text.resolved(), reader.monitor);
    }

    YamlSource source() {
        return source;
    }

    /** Columns that only conditions look at. */
    List<Input> declared() {
        return List.copyOf(declared.values());
    }

    private Optional<Part> root(Node node) {
        if (!(node instanceof MappingNode)) {
            source.report(node, "the file: no mapping (expected: " + EXPECTED + ", and what it asks under it).");
            return Optional.empty();
        }
        Section section = Section.of(source, "", node);
        if (section.node("pipeline").isPresent()) {
            source.report(node, "the file: a pipeline (expected: an inference graph). Run it: millwright run FILE");
            return Optional.empty();
        }
        section.section("inputs").ifPresent(this::declare);
        monitor = section.section("monitor").map(MonitorReader::read);
        Optional<Part> part = kind(section);
        section.close();
        if (monitor.isPresent() && part.isPresent()) {
            checkMonitor(section, monitor.get(), part.get());
        }
        return part;
    }

    private void checkMonitor(Section section, MonitorPlan plan, Part part) {
        if (plan.onBreach() == OnBreach.RETRAIN) {
            source.report(
                    section.position("monitor"),
                    "monitor.on_breach: retrain (expected: alert, for nothing trains a graph anew). Let the pipelines of its"
                            + " models do that.");
        }
        if (part instanceof Part.Rows(RowNode node)) {
            problems.addAll(MetricCheck.problems(plan, node.signature().task()));
        } else {
            source.report(
                    section.position("monitor"),
                    "monitor: of tensors (expected: of a graph that takes feature rows). Leave it out.");
        }
    }

    /** How a stored document says that its endpoints are watched. */
    static Optional<MonitorPlan> monitor(String file, String text) {
        List<Problem> problems = new ArrayList<>();
        Optional<MonitorPlan> plan = YamlDocument.compose(file, text, EXPECTED, problems)
                .flatMap(root -> Section.of(new YamlSource(file, Map.of(), problems), "", root)
                        .section("monitor"))
                .map(MonitorReader::read);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return plan;
    }

    private void declare(Section inputs) {
        for (String name : inputs.entries().keySet()) {
            inputs.word(name, InputType.class).ifPresent(type -> declared.put(name, new Input(name, type)));
        }
    }

    /** A part; empty after a problem was reported. */
    Optional<Part> part(Node node, String path) {
        if (++parts > MOST_PARTS || depth >= DEEPEST) {
            source.report(
                    node,
                    path + ": too much (expected: at most " + MOST_PARTS + " parts, nested " + DEEPEST
                            + " deep). Register a part of it as a graph of its own.");
            return Optional.empty();
        }
        depth++;
        try {
            if (node instanceof ScalarNode) {
                return source.text(node, path).flatMap(named -> model(named, path));
            }
            if (!(node instanceof MappingNode)) {
                source.report(node, path + ": a list (expected: MODEL/VERSION, or " + EXPECTED + ").");
                return Optional.empty();
            }
            Section section = Section.of(source, path, node);
            Optional<Part> part = kind(section);
            section.close();
            return part;
        } finally {
            depth--;
        }
    }

    /** The one node that a mapping names; the caller closes it. */
    Optional<Part> kind(Section section) {
        List<String> named =
                KINDS.stream().filter(kind -> section.node(kind).isPresent()).toList();
        if (named.size() != 1) {
            String at = section.child("").replaceFirst("\\.$", "");
            source.report(
                    section.position(),
                    (at.isEmpty() ? "the file" : at) + ": "
                            + (named.isEmpty() ? "names no node" : String.join(" and ", named)) + " (expected: "
                            + EXPECTED + ").");
            return Optional.empty();
        }
        String kind = named.getFirst();
        Node body = section.node(kind).orElseThrow();
        String path = section.child(kind);
        return switch (kind) {
            case "average" -> nodes.average(body, path).map(Part.Rows::new);
            case "vote" -> nodes.vote(body, path).map(Part.Rows::new);
            case "stacking" -> nodes.stacking(body, path).map(Part.Rows::new);
            case "choose" -> nodes.choose(body, path).map(Part.Rows::new);
            case "cascade" -> nodes.cascade(body, path).map(Part.Rows::new);
            case "sequence" -> new GraphSequence(this, nodes).read(body, path);
            default -> source.text(body, path).flatMap(name -> model(name, path));
        };
    }

    private Optional<Part> model(Located named, String path) {
        try {
            GraphMembers.Named found = members.find(named.text());
            text.name(named, found.version().id());
            Optional<ModelSignature> signature = found.version().knownSignature();
            return Optional.of(
                    signature.isPresent()
                            ? new Part.Rows(new ModelNode(signature.get(), found.member()))
                            : new Part.Tensors(new TensorNode.OfTensors(
                                    found.member(), found.member().tensors())));
        } catch (InvalidInputException wrong) {
            wrong.problems().forEach(problem -> source.report(named.position(), path + ": " + problem.message()));
        } catch (MillwrightException unfit) {
            if (unfit.code() != ServingError.MODEL_UNFIT) {
                throw unfit;
            }
            source.report(named.position(), path + ": " + unfit.getMessage());
        }
        return Optional.empty();
    }

    /** Parts that take feature rows; empty after a problem with one of them was reported. */
    Optional<List<RowNode>> rows(GraphBody body, List<Node> items, IntFunction<String> key) {
        List<RowNode> found = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            body.place(key.apply(i), items.get(i));
            row(body, key.apply(i), items.get(i)).ifPresent(found::add);
        }
        return found.size() == items.size() ? Optional.of(found) : Optional.empty();
    }

    /** A part that takes feature rows. */
    Optional<RowNode> row(GraphBody body, String key, Node item) {
        Optional<Part> part = part(item, body.child(key));
        if (part.isPresent() && part.get() instanceof Part.Rows(RowNode node)) {
            return Optional.of(node);
        }
        if (part.isPresent()) {
            body.report(
                    key,
                    "takes tensors (expected: what takes feature rows). Models of tensors can be asked one after the other,"
                            + " in a sequence that is the whole graph.");
        }
        return Optional.empty();
    }
}
