package dev.millwright.serving.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Joins tensors along their first dimension, and takes them apart again. */
public final class TensorRows {
    private TensorRows() {}

    /** One tensor with the rows of all, which are alike in everything but their number. */
    public static Tensor join(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        long[] shape = first.shape().clone();
        shape[0] = tensors.stream().mapToLong(tensor -> tensor.shape()[0]).sum();
        TensorValues values = switch (first.values()) {
            case TensorValues.Floats _ -> floats(tensors);
            case TensorValues.Texts _ -> texts(tensors);
            case TensorValues.Packed _ -> packed(tensors);
        };
        return new Tensor(first.name(), first.datatype(), shape, values);
    }

    private static TensorValues floats(List<Tensor> tensors) {
        float[] all = new float[tensors.stream().mapToInt(Tensor::count).sum()];
        int at = 0;
        for (Tensor tensor : tensors) {
            if (tensor.values() instanceof TensorValues.Floats(float[] values)) {
                System.arraycopy(values, 0, all, at, values.length);
            } else if (tensor.values() instanceof TensorValues.Packed packed) {
                packed.bytes().asFloatBuffer().get(all, at, tensor.count());
            }
            at += tensor.count();
        }
        return new TensorValues.Floats(all);
    }

    private static TensorValues texts(List<Tensor> tensors) {
        return new TensorValues.Texts(tensors.stream()
                .flatMap(tensor -> Arrays.stream(((TensorValues.Texts) tensor.values()).values()))
                .toArray(String[]::new));
    }

    private static TensorValues packed(List<Tensor> tensors) {
        ByteBuffer all =
                ByteBuffer.allocate(tensors.stream().mapToInt(RawTensors::size).sum());
        tensors.forEach(tensor -> RawTensors.write(tensor, all));
        return new TensorValues.Packed(all.flip());
    }

    /** The rows {@code from} (inclusive) to {@code to} (exclusive). */
    public static Tensor part(Tensor tensor, int from, int to) {
        if (from == 0 && to == tensor.shape()[0]) {
            return tensor;
        }
        long[] shape = tensor.shape().clone();
        int width = Math.toIntExact(tensor.count() / Math.max(1, shape[0]));
        shape[0] = to - (long) from;
        TensorValues values = switch (tensor.values()) {
            case TensorValues.Floats(float[] all) ->
                new TensorValues.Floats(Arrays.copyOfRange(all, from * width, to * width));
            case TensorValues.Texts(String[] all) ->
                new TensorValues.Texts(Arrays.copyOfRange(all, from * width, to * width));
            case TensorValues.Packed packed -> {
                int row = width * tensor.datatype().bytes();
                yield new TensorValues.Packed(packed.bytes().slice(from * row, (to - from) * row));
            }
        };
        return new Tensor(tensor.name(), tensor.datatype(), shape, values);
    }
}
