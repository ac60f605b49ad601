package dev.millwright.serving.graph;

import dev.millwright.serving.Deadline;
import dev.millwright.serving.Member;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorForm;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A step of a {@link TensorChain}. Immutable, thread-safe. */
public sealed interface TensorNode {
    List<TensorMetadata> inputs();

    List<TensorMetadata> outputs();

    /** Whether the first dimension of all inputs and outputs is a number of rows that do not depend on each other. */
    boolean takesBatches();

    /** For a model that is asked elsewhere, how many calls it takes at a time. */
    OptionalInt callsElsewhere();

    /** Asks it, for whoever waits until then; {@code tensors} are the inputs, in their order. */
    List<Tensor> run(List<Tensor> tensors, Deadline deadline);

    /** A model that takes tensors as they are. */
    record OfTensors(Member member, Member.Tensors tensors) implements TensorNode {
        @Override
        public List<TensorMetadata> inputs() {
            return tensors.inputs();
        }

        @Override
        public List<TensorMetadata> outputs() {
            return tensors.outputs();
        }

        @Override
        public boolean takesBatches() {
            return tensors.takesBatches();
        }

        @Override
        public OptionalInt callsElsewhere() {
            return tensors.callsElsewhere();
        }

        @Override
        public List<Tensor> run(List<Tensor> given, Deadline deadline) {
            return member.run(given, deadline);
        }
    }

    /** A part that takes feature rows, with the tensors that an endpoint of it would take. */
    record OfRows(RowNode node, FeatureTensors features) implements TensorNode {
        public OfRows(RowNode node) {
            this(node, new FeatureTensors(node.signature()));
        }

        @Override
        public List<TensorMetadata> inputs() {
            return features.inputs();
        }

        @Override
        public List<TensorMetadata> outputs() {
            return features.outputs();
        }

        @Override
        public boolean takesBatches() {
            return true;
        }

        /** Models elsewhere take tensors. */
        @Override
        public OptionalInt callsElsewhere() {
            return OptionalInt.empty();
        }

        @Override
        public List<Tensor> run(List<Tensor> given, Deadline deadline) {
            InferRequest request = new InferRequest(Optional.empty(), Map.of(), given, List.of(), TensorForm.JSON);
            return FeatureTensors.outputs(request, node.predict(features.rows(request), deadline), row -> "");
        }
    }
}
