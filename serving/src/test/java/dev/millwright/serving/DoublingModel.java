package dev.millwright.serving;

import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.protocol.TensorValues;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** Doubles its rows, once it is let; none of them may be below 0. */
final class DoublingModel implements TensorModel {
    final Semaphore permits = new Semaphore(0);
    final Semaphore started = new Semaphore(0);
    final Queue<String> runs = new ConcurrentLinkedQueue<>();
    private final boolean batches;

    DoublingModel(boolean batches) {
        this.batches = batches;
    }

    @Override
    public List<TensorMetadata> inputs() {
        return List.of(new TensorMetadata("x", Datatype.FP32, -1, -1));
    }

    @Override
    public List<TensorMetadata> outputs() {
        return List.of(new TensorMetadata("y", Datatype.FP32, -1, -1));
    }

    @Override
    public boolean takesBatches() {
        return batches;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        started.release();
        permits.acquireUninterruptibly();
        Tensor x = inputs.getFirst();
        runs.add(Tensor.describe(x.shape()));
        float[] values = ((TensorValues.Floats) x.values()).values();
        float[] doubled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0) {
                throw new IllegalArgumentException("negative");
            }
            doubled[i] = 2 * values[i];
        }
        return List.of(Tensor.of("y", doubled, x.shape()));
    }

    @Override
    public void close() {}

    static List<Tensor> x(int rows, int width, float value) {
        float[] values = new float[rows * width];
        Arrays.fill(values, value);
        return List.of(Tensor.of("x", values, rows, width));
    }
}
