import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A session of ONNX Runtime with tensors for one number of rows, prepared once: the columns are slices of one direct buffer, the
 * scores are written by the model into another. For one thread.
 */
final class Model {
    /** The columns, one after the other, each of {@link #rows} values. */
    final FloatBuffer columns;

    /** What the model says: {@link #width} numbers a row. */
    final FloatBuffer scores;

    /** The names of the inputs, in the order of {@link #columns}. */
    final List<String> names;

    /** The name of the output that is numbers. */
    final String output;

    final int rows;
    final int width;
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> pinned;
    private final Set<String> requested;

    Model(Path onnx, int rows) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        this.session = environment.createSession(onnx.toString(), options);
        this.rows = rows;
        this.names = List.copyOf(session.getInputInfo().keySet());
        this.columns = direct(names.size() * rows);
        for (int i = 0; i < names.size(); i++) {
            FloatBuffer column = columns.slice(i * rows, rows);
            inputs.put(names.get(i), OnnxTensor.createTensor(environment, column, new long[] {rows, 1}));
        }
        boolean classifies = session.getOutputInfo().containsKey("probabilities");
        this.output = classifies ? "probabilities" : "prediction";
        this.width = classifies ? 2 : 1;
        this.scores = direct(rows * width);
        this.pinned = Map.of(output, OnnxTensor.createTensor(environment, scores, new long[] {rows, width}));
        this.requested = classifies ? Set.of("label") : Set.of();
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** Predicts what is in {@link #columns}: scores into {@link #scores}; gives the labels, none in a regression. */
    String[] run() throws OrtException {
        try (OrtSession.Result result = session.run(inputs, requested, pinned)) {
            return requested.isEmpty() ? new String[0] : (String[]) result.get("label").orElseThrow().getValue();
        }
    }
}
