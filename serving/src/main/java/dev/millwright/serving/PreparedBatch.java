package dev.millwright.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Task;
import dev.millwright.serving.RuntimeOptions.Labels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tensors for one batch size: the numeric columns are slices of one direct buffer that is written anew for each run, the
 * scores are written by the model into another. Text has no such form and becomes a new tensor each time. For one
 * thread at a time.
 */
final class PreparedBatch implements AutoCloseable {
    private static final String LABEL = "label";

    private final OrtSession session;
    private final ModelSignature signature;
    private final int size;
    private final FloatBuffer numbers;
    private final FloatBuffer scores;
    private final OnnxTensor scoreTensor;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> pinned;
    private final Set<String> requested;

    private PreparedBatch(OrtSession session, ModelSignature signature, Labels labels, int size) throws OrtException {
        this.session = session;
        this.signature = signature;
        this.size = size;
        long numeric = signature.inputs().stream()
                .filter(input -> input.type() == InputType.NUMBER)
                .count();
        this.numbers = direct(Math.toIntExact(numeric * size));
        this.scores = direct(size * scoresPerRow(signature));
        this.scoreTensor = OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), scores, new long[] {size, scoresPerRow(signature)});
        boolean classifies = signature.task().isClassification();
        this.pinned = Map.of(classifies ? "probabilities" : "prediction", scoreTensor);
        this.requested = classifies && labels == Labels.OF_GRAPH ? Set.of(LABEL) : Set.of();
    }

    static PreparedBatch open(OrtSession session, ModelSignature signature, Labels labels, int size)
            throws OrtException {
        PreparedBatch batch = new PreparedBatch(session, signature, labels, size);
        try {
            batch.sliceNumbers();
            return batch;
        } catch (OrtException e) {
            batch.close();
            throw e;
        }
    }

    static int scoresPerRow(ModelSignature signature) {
        return signature.task().isClassification() ? signature.classes().size() : 1;
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(Math.max(4, floats * 4))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private void sliceNumbers() throws OrtException {
        int at = 0;
        for (ModelSignature.Input input : signature.inputs()) {
            if (input.type() == InputType.NUMBER) {
                FloatBuffer slice = numbers.slice(at, size);
                inputs.put(
                        input.name(),
                        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), slice, new long[] {size, 1}));
                at += size;
            }
        }
    }

    /**
     * Predicts {@code count} rows from {@code from} on.
     *
     * @param rows columns in the signature's order
     * @param allScores where the scores go, row by row
     * @param allLabels where the positions of the labels in the classes go; unused in a regression
     */
    void run(Frame rows, int from, int count, float[] allScores, int[] allLabels) throws OrtException {
        try {
            fill(rows, from, count);
            try (OrtSession.Result result = session.run(inputs, requested, pinned)) {
                scores.get(0, allScores, from * scoresPerRow(signature), count * scoresPerRow(signature));
                if (!requested.isEmpty()) {
                    String[] labels = (String[]) result.get(LABEL).orElseThrow().getValue();
                    for (int i = 0; i < count; i++) {
                        allLabels[from + i] = position(labels[i]);
                    }
                } else if (signature.task().isClassification()) {
                    for (int i = from; i < from + count; i++) {
                        allLabels[i] = likeliest(allScores, i * scoresPerRow(signature));
                    }
                }
            }
        } finally {
            closeTexts();
        }
    }

    private void fill(Frame rows, int from, int count) throws OrtException {
        int at = 0;
        for (FeatureColumn column : rows.columns()) {
            switch (column) {
                case FeatureColumn.Numeric(String name, float[] values) -> {
                    numbers.put(at, values, from, count);
                    for (int i = count; i < size; i++) {
                        numbers.put(at + i, values[from]);
                    }
                    at += size;
                }
                case FeatureColumn.Text(String name, String[] values) -> {
                    String[] padded = Arrays.copyOfRange(values, from, from + size);
                    Arrays.fill(padded, count, size, values[from]);
                    inputs.put(
                            name,
                            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), padded, new long[] {size, 1}));
                }
            }
        }
    }

    /** The position of the label for the row whose probabilities begin there. */
    private int likeliest(float[] probabilities, int at) {
        if (signature.task() == Task.BINARY) {
            return probabilities[at + 1] >= (float) signature.threshold() ? 1 : 0;
        }
        int best = 0;
        for (int k = 1; k < signature.classes().size(); k++) {
            best = probabilities[at + k] > probabilities[at + best] ? k : best;
        }
        return best;
    }

    private int position(String label) {
        List<String> classes = signature.classes();
        for (int i = 0; i < classes.size(); i++) {
            if (classes.get(i).equals(label)) {
                return i;
            }
        }
        throw new MillwrightException(
                ServingError.INFERENCE_FAILED,
                "label: '" + label + "' (expected: one of the signature's classes " + classes + ")");
    }

    private void closeTexts() {
        for (ModelSignature.Input input : signature.inputs()) {
            if (input.type() == InputType.TEXT) {
                OnnxTensor tensor = inputs.remove(input.name());
                if (tensor != null) {
                    tensor.close();
                }
            }
        }
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        inputs.clear();
        scoreTensor.close();
    }
}
