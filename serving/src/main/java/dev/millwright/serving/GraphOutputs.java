package dev.millwright.serving;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorRows;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes tensors of what a graph gives. A map becomes its values and, as {@code NAME.keys}, its keys in order; a sequence of maps with
 * the same keys, which is what converters make of class probabilities, a matrix of values and the keys; a sequence of tensors
 * these one after the other and, as {@code NAME.lengths}, how long each is.
 */
final class GraphOutputs {
    private GraphOutputs() {}

    /** The tensors that {@link GraphOutput#metadata} says. */
    static List<Tensor> read(GraphOutput output, OnnxValue value) throws OrtException {
        return switch (output) {
            case GraphOutput.Plain(var metadata) -> {
                OnnxTensor tensor = (OnnxTensor) value;
                yield List.of(new Tensor(
                        metadata.name(),
                        metadata.datatype(),
                        tensor.getInfo().getShape(),
                        OnnxTensors.read(tensor, metadata.datatype())));
            }
            case GraphOutput.OneMap(String name, Datatype keys, Datatype values) -> {
                Map<?, ?> map = sorted(((OnnxMap) value).getValue());
                yield List.of(
                        new Tensor(name, values, new long[] {map.size()}, pack(values, map.values())),
                        keys(name, keys, map));
            }
            case GraphOutput.Maps maps -> maps(maps, (OnnxSequence) value);
            case GraphOutput.Sequence sequence -> sequence(sequence, (OnnxSequence) value);
        };
    }

    private static List<Tensor> maps(GraphOutput.Maps output, OnnxSequence sequence) throws OrtException {
        List<Object> values = new ArrayList<>();
        Map<?, ?> first = Map.of();
        int rows = 0;
        for (OnnxValue element : sequence.getValue()) {
            Map<?, ?> row;
            try (OnnxMap map = (OnnxMap) element) {
                row = sorted(map.getValue());
            }
            if (rows++ == 0) {
                first = row;
            } else if (!row.keySet().equals(first.keySet())) {
                throw new MillwrightException(
                        ServingError.INFERENCE_FAILED,
                        "output " + output.name()
                                + ": rows with different keys (expected: the same in every row). Export"
                                + " the model without maps (zipmap=False for skl2onnx).");
            }
            values.addAll(row.values());
        }
        return List.of(
                new Tensor(
                        output.name(), output.values(), new long[] {rows, first.size()}, pack(output.values(), values)),
                keys(output.name(), output.keys(), first));
    }

    private static Map<?, ?> sorted(Map<?, ?> map) {
        return new TreeMap<>(map);
    }

    private static Tensor keys(String name, Datatype datatype, Map<?, ?> map) {
        return new Tensor(name + GraphOutput.KEYS, datatype, new long[] {map.size()}, pack(datatype, map.keySet()));
    }

    /** Elements that Java holds as objects. */
    private static TensorValues pack(Datatype datatype, Iterable<?> elements) {
        List<Object> all = new ArrayList<>();
        elements.forEach(all::add);
        if (datatype == Datatype.BYTES) {
            return new TensorValues.Texts(all.stream().map(String::valueOf).toArray(String[]::new));
        }
        ByteBuffer bytes = ByteBuffer.allocate(all.size() * datatype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (Object element : all) {
            Number number = (Number) element;
            switch (datatype) {
                case FP32 -> bytes.putFloat(number.floatValue());
                case FP64 -> bytes.putDouble(number.doubleValue());
                case INT64 -> bytes.putLong(number.longValue());
                default ->
                    throw new IllegalArgumentException("datatype: " + datatype + " (expected: one that maps hold)");
            }
        }
        return new TensorValues.Packed(bytes.flip());
    }

    private static List<Tensor> sequence(GraphOutput.Sequence output, OnnxSequence sequence) throws OrtException {
        List<Tensor> parts = new ArrayList<>();
        List<Long> lengths = new ArrayList<>();
        for (OnnxValue element : sequence.getValue()) {
            Tensor part = part(output, element);
            if (!parts.isEmpty() && !isAlike(parts.getFirst(), part)) {
                throw new MillwrightException(
                        ServingError.INFERENCE_FAILED,
                        "output " + output.name() + ": elements of shapes "
                                + Tensor.describe(parts.getFirst().shape())
                                + " and " + Tensor.describe(part.shape())
                                + " (expected: a difference in the first dimension at most)");
            }
            parts.add(part);
            lengths.add(part.shape()[0]);
        }
        Tensor joined = parts.isEmpty()
                ? new Tensor(output.name(), output.elements(), new long[] {0}, pack(output.elements(), List.of()))
                : TensorRows.join(parts);
        return List.of(
                joined,
                new Tensor(
                        output.name() + GraphOutput.LENGTHS,
                        Datatype.INT64,
                        new long[] {lengths.size()},
                        pack(Datatype.INT64, lengths)));
    }

    private static Tensor part(GraphOutput.Sequence output, OnnxValue element) throws OrtException {
        try (OnnxTensor tensor = (OnnxTensor) element) {
            long[] shape = tensor.getInfo().getShape();
            return new Tensor(
                    output.name(),
                    output.elements(),
                    shape.length == 0 ? new long[] {1} : shape,
                    OnnxTensors.read(tensor, output.elements()));
        }
    }

    private static boolean isAlike(Tensor first, Tensor next) {
        long[] shape = first.shape();
        long[] other = next.shape();
        return shape.length == other.length && Arrays.equals(shape, 1, shape.length, other, 1, other.length);
    }
}
