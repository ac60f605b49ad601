package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A model that is asked on behalf of another one. It is loaded when that is needed, and not freed while it answers. Thread-safe.
 */
public final class Member implements AutoCloseable {
    private final ModelPool pool;
    private final ModelSource source;
    private final ModelSlot slot;
    private boolean closed;

    Member(ModelPool pool, ModelSource source) {
        this.pool = pool;
        this.source = source;
        this.slot = pool.refer(source);
    }

    /** {@code MODEL/VERSION}. */
    public String name() {
        return source.name();
    }

    /**
     * What a model of tensors takes and gives.
     *
     * @param takesBatches see {@link TensorModel#takesBatches()}
     * @param callsElsewhere see {@link LoadedModel#callsElsewhere()}
     */
    public record Tensors(
            List<TensorMetadata> inputs,
            List<TensorMetadata> outputs,
            boolean takesBatches,
            OptionalInt callsElsewhere) {
        public Tensors {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * Gets the model into memory.
     *
     * @throws MillwrightException {@link ServingError#MODEL_UNFIT} when it can't be loaded
     */
    public void load() {
        held(Deadline.NONE, instance -> true);
    }

    /**
     * What it takes and gives; loads it.
     *
     * @throws MillwrightException {@link ServingError#OTHER_INPUT} when it takes feature rows
     */
    public Tensors tensors() {
        return held(Deadline.NONE, instance -> {
            instance.tensors();
            TensorModel model = (TensorModel) instance.model();
            return new Tensors(model.inputs(), model.outputs(), model.takesBatches(), model.callsElsewhere());
        });
    }

    /**
     * Asks a model that takes feature rows, together with whoever else asks it.
     *
     * @param rows the columns of its signature, in its order
     * @param deadline after which nobody waits any more; a model that runs in this process finishes what it began
     * @throws MillwrightException as {@link Router#infer(InferenceCall)}; a failure names the member
     */
    public Predictions predict(Frame rows, Deadline deadline) {
        return held(deadline, instance -> instance.rows().predict(rows, deadline));
    }

    /**
     * Asks a model that takes tensors, together with whoever else asks it.
     *
     * @param inputs those that it takes, in its order
     * @param deadline after which nobody waits any more; a model that runs in this process finishes what it began
     * @throws MillwrightException as {@link Router#infer(TensorCall)}; a failure names the member
     */
    public List<Tensor> run(List<Tensor> inputs, Deadline deadline) {
        return held(deadline, instance -> {
            List<Tensor> fitted = InputTensors.fit(((TensorModel) instance.model()).inputs(), inputs);
            return instance.tensors().predict(fitted, deadline);
        });
    }

    /** How long its runs took of late, in nanoseconds; a second before the first. */
    public long recentNanos() {
        return slot.recentNanos();
    }

    private <T> T held(Deadline deadline, Function<LoadedInstance, T> asking) {
        try {
            LoadedInstance instance = slot.hold(System.nanoTime(), deadline, Patience.WAITS)
                    .orElseThrow(() -> new MillwrightException(
                            ServingError.RUNTIME_CLOSED, "model: closed (expected: one that serves). Send it again."));
            try {
                return asking.apply(instance);
            } finally {
                instance.release();
            }
        } catch (InvalidInputException unfit) {
            throw unfit;
        } catch (MillwrightException failed) {
            throw new MillwrightException(failed.code(), name() + ": " + failed.getMessage(), failed);
        }
    }

    /** Nothing is asked of it any more. Doing it twice is harmless. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            pool.leave(slot);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
