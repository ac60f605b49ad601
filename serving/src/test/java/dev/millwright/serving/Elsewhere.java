package dev.millwright.serving;

import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.OptionalInt;

/** A model that gives back what it gets, on another server or in this process, and remembers what it was told of a request. */
final class Elsewhere implements TensorModel {
    private static final List<TensorMetadata> X = List.of(new TensorMetadata("x", Datatype.FP32, 1));

    private final OptionalInt calls;
    volatile Deadline deadline = Deadline.NONE;
    volatile int hops = -1;

    /** {@code calls} that it takes at a time; empty for one in this process. */
    Elsewhere(OptionalInt calls) {
        this.calls = calls;
    }

    @Override
    public List<TensorMetadata> inputs() {
        return X;
    }

    @Override
    public List<TensorMetadata> outputs() {
        return X;
    }

    @Override
    public boolean takesBatches() {
        return false;
    }

    @Override
    public OptionalInt callsElsewhere() {
        return calls;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        return run(inputs, Deadline.NONE);
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, Deadline until) {
        deadline = until;
        hops = Hops.current();
        return inputs;
    }

    @Override
    public void close() {}
}
