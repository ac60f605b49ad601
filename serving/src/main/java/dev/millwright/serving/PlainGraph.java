package dev.millwright.serving;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A graph as somebody exported it, run once more in a session of its own: what it says about rows is what the path that will
 * serve it has to say, too. For one thread; not for serving.
 */
public final class PlainGraph implements AutoCloseable {
    private final OnnxSession opened;
    private final OrtSession session;

    private PlainGraph(OnnxSession opened) {
        this.opened = opened;
        this.session = opened.session();
    }

    /** Loads a graph; {@link ServingError#MODEL_UNFIT} when ONNX Runtime can't. */
    public static PlainGraph open(byte[] onnx) {
        return new PlainGraph(OnnxSession.open(onnx, RuntimeOptions.FOREIGN));
    }

    /** An output for some rows. */
    public sealed interface Output {
        String name();
    }

    /** Numbers, {@code width} a row. */
    public record Numbers(String name, int width, float[] values) implements Output {}

    /** One name a row; whole numbers and truth values as text. */
    public record Names(String name, String[] values) implements Output {}

    /** A number for each class, by its name. */
    public record Maps(String name, List<Map<String, Float>> values) implements Output {}

    /** Something else, in words. */
    public record Other(String name, String what) implements Output {}

    /**
     * Runs the graph.
     *
     * @param rows a column for each input; or all columns of the one input, side by side
     */
    public List<Output> run(Frame rows) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                TensorInfo tensor = (TensorInfo) input.getValue().getInfo();
                inputs.put(input.getKey(), tensor(tensor, columns(rows, input.getKey()), rows.rows()));
            }
            List<Output> outputs = new ArrayList<>();
            Map<String, OnnxTensorLike> given = new HashMap<>(inputs);
            try (OrtSession.Result result = session.run(given)) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.add(output(output.getKey(), output.getValue(), rows.rows()));
                }
            }
            return outputs;
        } catch (OrtException failed) {
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT,
                    "model: fails on sample rows: " + failed.getMessage()
                            + " (expected: predictions). Log the model with an input_example that it can predict.",
                    failed);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private List<FeatureColumn> columns(Frame rows, String input) throws OrtException {
        List<FeatureColumn> own = rows.columns().stream()
                .filter(column -> column.name().equals(input))
                .toList();
        return own.isEmpty() && session.getInputInfo().size() == 1 ? rows.columns() : own;
    }

    private static OnnxTensor tensor(TensorInfo info, List<FeatureColumn> columns, int rows) throws OrtException {
        long[] shape = info.getShape().length == 1 ? new long[] {rows} : new long[] {rows, columns.size()};
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (info.type == OnnxJavaType.STRING) {
            return OnnxTensor.createTensor(environment, texts(columns, rows), shape);
        }
        float[] values = numbers(columns, rows);
        return switch (info.type) {
            case FLOAT -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
            case DOUBLE -> {
                double[] wide = new double[values.length];
                for (int i = 0; i < wide.length; i++) {
                    wide[i] = values[i];
                }
                yield OnnxTensor.createTensor(environment, DoubleBuffer.wrap(wide), shape);
            }
            case INT64 -> {
                long[] whole = new long[values.length];
                for (int i = 0; i < whole.length; i++) {
                    whole[i] = (long) values[i];
                }
                yield OnnxTensor.createTensor(environment, LongBuffer.wrap(whole), shape);
            }
            case INT32 -> {
                int[] whole = new int[values.length];
                for (int i = 0; i < whole.length; i++) {
                    whole[i] = (int) values[i];
                }
                yield OnnxTensor.createTensor(environment, IntBuffer.wrap(whole), shape);
            }
            case BOOL -> {
                ByteBuffer flags = ByteBuffer.allocateDirect(values.length);
                for (float value : values) {
                    flags.put((byte) (value == 0 ? 0 : 1));
                }
                yield OnnxTensor.createTensor(environment, flags.flip(), shape, OnnxJavaType.BOOL);
            }
            default -> throw new OrtException("an input of " + info.type);
        };
    }

    /** Row by row. */
    private static float[] numbers(List<FeatureColumn> columns, int rows) {
        float[] values = new float[rows * columns.size()];
        for (int c = 0; c < columns.size(); c++) {
            if (columns.get(c) instanceof FeatureColumn.Numeric numeric) {
                for (int row = 0; row < rows; row++) {
                    values[row * columns.size() + c] = numeric.values()[row];
                }
            }
        }
        return values;
    }

    private static String[] texts(List<FeatureColumn> columns, int rows) {
        String[] values = new String[rows * columns.size()];
        for (int c = 0; c < columns.size(); c++) {
            if (columns.get(c) instanceof FeatureColumn.Text text) {
                for (int row = 0; row < rows; row++) {
                    values[row * columns.size() + c] = text.values()[row];
                }
            }
        }
        return values;
    }

    private static Output output(String name, OnnxValue value, int rows) throws OrtException {
        if (value instanceof OnnxTensor tensor) {
            return output(name, tensor, rows);
        }
        if (value instanceof OnnxSequence sequence) {
            List<Map<String, Float>> maps = new ArrayList<>();
            for (OnnxValue each : sequence.getValue()) {
                if (!(each instanceof OnnxMap map) || !maps(map, maps)) {
                    return new Other(name, "a sequence of something else than maps of numbers");
                }
            }
            return new Maps(name, maps);
        }
        return new Other(name, value.getInfo().toString());
    }

    private static boolean maps(OnnxMap map, List<Map<String, Float>> into) throws OrtException {
        Map<String, Float> texts = new TreeMap<>();
        for (Map.Entry<?, ?> entry : map.getValue().entrySet()) {
            if (!(entry.getValue() instanceof Number number)) {
                return false;
            }
            texts.put(String.valueOf(entry.getKey()), number.floatValue());
        }
        return into.add(texts);
    }

    private static Output output(String name, OnnxTensor tensor, int rows) throws OrtException {
        TensorInfo info = tensor.getInfo();
        long values = info.getNumElements();
        if (rows == 0 || values % rows != 0 || info.getShape().length > 2) {
            return new Other(name, info.toString());
        }
        int width = (int) (values / rows);
        return switch (info.type) {
            case FLOAT, FLOAT16, BFLOAT16 -> new Numbers(name, width, floats(tensor));
            case DOUBLE -> new Numbers(name, width, doubles(tensor));
            case INT64, INT32, BOOL, STRING ->
                width == 1 ? new Names(name, names(tensor)) : new Other(name, info.toString());
            default -> new Other(name, info.toString());
        };
    }

    private static float[] floats(OnnxTensor tensor) {
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static float[] doubles(OnnxTensor tensor) {
        DoubleBuffer buffer = tensor.getDoubleBuffer();
        float[] values = new float[buffer.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) buffer.get();
        }
        return values;
    }

    private static String[] names(OnnxTensor tensor) throws OrtException {
        List<String> names = new ArrayList<>();
        flatten(tensor.getValue(), names);
        return names.toArray(String[]::new);
    }

    private static void flatten(Object values, List<String> into) {
        switch (values) {
            case long[] whole -> {
                for (long each : whole) {
                    into.add(Long.toString(each));
                }
            }
            case int[] whole -> {
                for (int each : whole) {
                    into.add(Integer.toString(each));
                }
            }
            case boolean[] flags -> {
                for (boolean each : flags) {
                    into.add(Boolean.toString(each));
                }
            }
            case String[] texts -> into.addAll(List.of(texts));
            case Object[] nested -> {
                for (Object each : nested) {
                    flatten(each, into);
                }
            }
            default -> into.add(String.valueOf(values));
        }
    }

    @Override
    public void close() {
        opened.close();
    }
}
