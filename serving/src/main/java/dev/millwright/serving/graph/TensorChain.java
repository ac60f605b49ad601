package dev.millwright.serving.graph;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.Member;
import dev.millwright.serving.TensorModel;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Models one after the other, each of which takes outputs of the one before and, for what that doesn't give, inputs of the whole; as
 * one model of tensors. Thread-safe.
 */
public final class TensorChain implements TensorModel {
    private final List<Link> links;
    private final List<TensorMetadata> inputs;
    private final OpenMembers members;

    /**
     * A step.
     *
     * @param take which output of the step before goes into an input, where it doesn't have its name
     */
    public record Step(TensorNode node, Map<String, String> take) {
        public Step {
            take = Map.copyOf(take);
        }
    }

    /** @param from for each input: the place of an output of the step before, or the place of an input of the whole, as {@code -1 - n} */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Link(TensorNode node, int[] from) {}

    private TensorChain(List<Link> links, List<TensorMetadata> inputs, List<Member> members) {
        this.links = List.copyOf(links);
        this.inputs = List.copyOf(inputs);
        this.members = new OpenMembers(members);
    }

    /** Throws InvalidInputException with problems about {@code [n]}, the n-th step, when the steps don't go together. */
    public static void check(List<Step> steps) {
        of(steps, List.of());
    }

    /**
     * @param members that the steps ask; given back when it is closed
     * @throws InvalidInputException with problems about {@code [n]}, the n-th step
     */
    public static TensorChain of(List<Step> steps, List<Member> members) {
        Joining joining = new Joining();
        List<Link> links = new ArrayList<>();
        List<TensorMetadata> before = List.of();
        for (int i = 0; i < steps.size(); i++) {
            links.add(new Link(steps.get(i).node(), joining.join("[" + i + "]", steps.get(i), before)));
            before = steps.get(i).node().outputs();
        }
        Columns.requireNone(joining.problems);
        return new TensorChain(links, List.copyOf(joining.whole.values()), members);
    }

    /** Finds where the inputs of the steps come from. */
    private static final class Joining {
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, TensorMetadata> whole = new LinkedHashMap<>();

        int[] join(String place, Step step, List<TensorMetadata> before) {
            List<String> given = before.stream().map(TensorMetadata::name).toList();
            List<String> taken =
                    step.node().inputs().stream().map(TensorMetadata::name).toList();
            step.take().keySet().stream()
                    .filter(name -> !taken.contains(name))
                    .forEach(name -> problems.add(Problem.about(
                            place,
                            "take." + name + " (expected: an input of the model)." + Words.suggestion(name, taken))));
            return step.node().inputs().stream()
                    .mapToInt(input -> from(place, step, input, before, given))
                    .toArray();
        }

        private int from(
                String place, Step step, TensorMetadata input, List<TensorMetadata> before, List<String> given) {
            String name = step.take().getOrDefault(input.name(), input.name());
            int at = given.indexOf(name);
            if (at < 0 && step.take().containsKey(input.name())) {
                problems.add(Problem.about(
                        place,
                        "take." + input.name() + ": " + name + " (expected: an output of the step before)."
                                + Words.suggestion(name, given)));
            } else if (at < 0) {
                return fromWhole(place, input);
            } else if (!fits(before.get(at), input, step.node())) {
                problems.add(Problem.about(
                        place,
                        input.name() + ": " + describe(before.get(at)) + " comes from the step before (expected: "
                                + describe(input) + "). Put a model between them that converts it."));
            }
            return at;
        }

        private int fromWhole(String place, TensorMetadata input) {
            TensorMetadata known = whole.putIfAbsent(input.name(), input);
            if (known != null
                    && (known.datatype() != input.datatype() || !Arrays.equals(known.shape(), input.shape()))) {
                problems.add(Problem.about(
                        place,
                        input.name() + ": " + describe(input) + " here, " + describe(known)
                                + " in a step before (expected: one datatype and shape)."));
            }
            return -1 - List.copyOf(whole.keySet()).indexOf(input.name());
        }

        private static String describe(TensorMetadata tensor) {
            return tensor.datatype() + " " + Tensor.describe(tensor.shape());
        }

        private static boolean fits(TensorMetadata given, TensorMetadata wanted, TensorNode node) {
            boolean converts = node instanceof TensorNode.OfRows && wanted.datatype() == Datatype.FP32;
            if (converts ? !given.datatype().isNumeric() : given.datatype() != wanted.datatype()) {
                return false;
            }
            // Columns of rows may be [N] as well as [N,1]; a shape without dimensions may be any.
            boolean column = node instanceof TensorNode.OfRows && given.shape().length == 1;
            boolean open = given.shape().length == 0 || wanted.shape().length == 0;
            return open || column || sameShape(given.shape(), wanted.shape());
        }

        private static boolean sameShape(long[] given, long[] wanted) {
            boolean same = given.length == wanted.length;
            for (int i = 0; same && i < given.length; i++) {
                same = given[i] < 0 || wanted[i] < 0 || given[i] == wanted[i];
            }
            return same;
        }
    }

    @Override
    public List<TensorMetadata> inputs() {
        return inputs;
    }

    @Override
    public List<TensorMetadata> outputs() {
        return links.getLast().node().outputs();
    }

    @Override
    public boolean takesBatches() {
        return links.stream().allMatch(link -> link.node().takesBatches());
    }

    /** With a step elsewhere each request goes its own way, with its own deadline: the least that one of those steps takes at a time. */
    @Override
    public OptionalInt callsElsewhere() {
        return links.stream()
                .flatMapToInt(link -> link.node().callsElsewhere().stream())
                .min();
    }

    @Override
    public List<Tensor> run(List<Tensor> tensors) {
        return run(tensors, Deadline.NONE);
    }

    @Override
    public List<Tensor> run(List<Tensor> tensors, Deadline deadline) {
        return members.whileOpen(() -> {
            List<Tensor> before = List.of();
            for (Link link : links) {
                before = link.node().run(taken(link, tensors, before), deadline);
            }
            return before;
        });
    }

    private static List<Tensor> taken(Link link, List<Tensor> whole, List<Tensor> before) {
        List<Tensor> taken = new ArrayList<>(link.from().length);
        for (int i = 0; i < link.from().length; i++) {
            int from = link.from()[i];
            Tensor found = from < 0 ? whole.get(-1 - from) : before.get(from);
            taken.add(new Tensor(link.node().inputs().get(i).name(), found.datatype(), found.shape(), found.values()));
        }
        return taken;
    }

    @Override
    public void close() {
        members.close();
    }

    @Override
    public String toString() {
        return "TensorChain" + members;
    }
}
