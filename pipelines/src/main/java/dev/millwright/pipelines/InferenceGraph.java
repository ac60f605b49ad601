package dev.millwright.pipelines;

import dev.millwright.core.ModelSignature;
import dev.millwright.pipelines.PipelineFile.MonitorPlan;
import dev.millwright.serving.LoadedModel;
import dev.millwright.serving.Member;
import dev.millwright.serving.graph.GraphRuntime;
import dev.millwright.serving.graph.RowNode;
import dev.millwright.serving.graph.TensorChain;
import dev.millwright.serving.graph.TensorNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An inference graph whose members are known and go together.
 *
 * @param text the document, with versions in the place of aliases
 * @param monitor how endpoints that it serves are watched
 */
record InferenceGraph(Part root, String text, Optional<MonitorPlan> monitor) {
    /** A node of it. */
    sealed interface Part {
        /** One that takes feature rows. */
        record Rows(RowNode node) implements Part {}

        /** One that takes tensors as they are. */
        record Tensors(TensorNode node) implements Part {}

        /** Several one after the other, of which one takes tensors. */
        record Chain(List<TensorChain.Step> steps) implements Part {
            public Chain {
                steps = List.copyOf(steps);
            }
        }
    }

    /** What goes in and out; empty when it takes tensors. */
    Optional<ModelSignature> signature() {
        return root instanceof Part.Rows(RowNode node) ? Optional.of(node.signature()) : Optional.empty();
    }

    /** The graph as a model, which gives the members back when it is closed. */
    LoadedModel open(List<Member> members) {
        return switch (root) {
            case Part.Rows(RowNode node) -> new GraphRuntime(node, members);
            case Part.Tensors(TensorNode node) ->
                TensorChain.of(List.of(new TensorChain.Step(node, Map.of())), members);
            case Part.Chain(List<TensorChain.Step> steps) -> TensorChain.of(steps, members);
        };
    }
}
