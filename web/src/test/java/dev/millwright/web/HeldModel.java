package dev.millwright.web;

import dev.millwright.serving.TensorModel;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A model of one number a row that says what it was told, once it is let go. */
final class HeldModel implements TensorModel {
    private static final List<TensorMetadata> NUMBERS = List.of(new TensorMetadata("x", Datatype.FP32, -1, 1));

    /** At zero once it has been asked. */
    final CountDownLatch asked = new CountDownLatch(1);

    private final CountDownLatch letGo = new CountDownLatch(1);

    void letGo() {
        letGo.countDown();
    }

    @Override
    public List<TensorMetadata> inputs() {
        return NUMBERS;
    }

    @Override
    public List<TensorMetadata> outputs() {
        return NUMBERS;
    }

    @Override
    public boolean takesBatches() {
        return true;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        asked.countDown();
        try {
            letGo.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted before it was let go", e);
        }
        return inputs;
    }

    @Override
    public void close() {}
}
