package dev.millwright.learn;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** The other side of parity: the graph in ONNX Runtime, fed as serving feeds it. */
final class OnnxRuntimeModel implements AutoCloseable {
    private final ModelSignature signature;
    private final OrtSession session;

    OnnxRuntimeModel(TrainedModel model) {
        this(model.signature(), model.onnx());
    }

    OnnxRuntimeModel(ModelSignature signature, byte[] onnx) {
        this.signature = signature;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            this.session = OrtEnvironment.getEnvironment().createSession(onnx, options);
        } catch (OrtException refused) {
            throw new IllegalStateException(refused);
        }
    }

    Predictions predict(Frame frame) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (ModelSignature.Input input : signature.inputs()) {
                inputs.put(input.name(), tensor(frame.column(input.name())));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return read(result);
            }
        } catch (OrtException refused) {
            throw new IllegalStateException(refused);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(FeatureColumn column) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = {column.rows(), 1};
        return switch (column) {
            case FeatureColumn.Numeric numeric ->
                OnnxTensor.createTensor(environment, FloatBuffer.wrap(numeric.values()), shape);
            case FeatureColumn.Text text -> OnnxTensor.createTensor(environment, text.values(), shape);
        };
    }

    private Predictions read(OrtSession.Result result) throws OrtException {
        if (!signature.task().isClassification()) {
            return new Predictions.Values(floats(result, "prediction"));
        }
        String[] names = (String[]) result.get("label").orElseThrow().getValue();
        int[] labels = new int[names.length];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = signature.classes().indexOf(names[row]);
        }
        return new Predictions.Classes(signature.classes(), floats(result, "probabilities"), labels);
    }

    private static float[] floats(OrtSession.Result result, String name) throws OrtException {
        float[][] rows = (float[][]) result.get(name).orElseThrow().getValue();
        int width = rows.length == 0 ? 0 : rows[0].length;
        float[] values = new float[rows.length * width];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, values, row * width, width);
        }
        return values;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
