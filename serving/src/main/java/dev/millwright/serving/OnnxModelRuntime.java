package dev.millwright.serving;

import ai.onnxruntime.OrtException;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Runs a model's ONNX graph in this process with ONNX Runtime.
 *
 * <p>For each power of two up to the largest batch it keeps prepared input and output tensors on direct memory, and
 * fills a batch up to the next such size with copies of its first row: a new tensor for every column of every request
 * costs more than a small model does. Thread-safe; calls run in parallel.
 */
public final class OnnxModelRuntime implements ModelRuntime {
    private final ModelSignature signature;
    private final OnnxSession session;
    private final int largestBatch;
    private final RuntimeOptions.Labels labels;
    /** Idle prepared tensors by the binary logarithm of their batch size; as many as calls ever ran at once. */
    private final List<ConcurrentLinkedQueue<PreparedBatch>> idle;

    private final Lifetime lifetime = new Lifetime("model");

    private OnnxModelRuntime(ModelSignature signature, OnnxSession session, RuntimeOptions options) {
        this.signature = signature;
        this.session = session;
        this.largestBatch = options.largestBatch();
        this.labels = options.labels();
        this.idle = IntStream.rangeClosed(0, Integer.numberOfTrailingZeros(options.largestBatch()))
                .mapToObj(size -> new ConcurrentLinkedQueue<PreparedBatch>())
                .toList();
    }

    /**
     * Loads a graph, checks that its inputs and outputs are those of the signature, and tries it as the options say.
     *
     * @throws MillwrightException {@link ServingError#MODEL_UNFIT}, naming everything that doesn't fit
     */
    public static OnnxModelRuntime open(byte[] onnx, ModelSignature signature, RuntimeOptions options) {
        OnnxSession session = OnnxSession.open(onnx, options);
        OnnxModelRuntime runtime = new OnnxModelRuntime(signature, session, options);
        try {
            GraphContract.check(session.session(), signature, options.labels());
            if (options.trial() == RuntimeOptions.Trial.MISSING_ROW) {
                runtime.predict(missingRows(signature, 1));
            }
        } catch (MillwrightException e) {
            runtime.close();
            throw e.code() == ServingError.MODEL_UNFIT
                    ? e
                    : new MillwrightException(
                            ServingError.MODEL_UNFIT,
                            "model: fails on a row in which everything is missing: " + e.getMessage(),
                            e);
        }
        return runtime;
    }

    private static Frame missingRows(ModelSignature signature, int rows) {
        float[] numbers = new float[rows];
        Arrays.fill(numbers, Float.NaN);
        String[] texts = new String[rows];
        Arrays.fill(texts, "");
        return new Frame(
                rows,
                signature.inputs().stream()
                        .map(input -> switch (input.type()) {
                            case NUMBER -> (FeatureColumn) new FeatureColumn.Numeric(input.name(), numbers);
                            case TEXT -> new FeatureColumn.Text(input.name(), texts);
                        })
                        .toList());
    }

    @Override
    public void warmUp() {
        OnnxSession.warmUp(largestBatch, rows -> predict(missingRows(signature, rows)));
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public Predictions predict(Frame rows) {
        Frame aligned = InputFrames.align(signature, rows);
        lifetime.enter();
        try {
            return predictAligned(aligned);
        } catch (OrtException e) {
            throw new MillwrightException(ServingError.INFERENCE_FAILED, "model: failed: " + e.getMessage(), e);
        } finally {
            lifetime.leave();
        }
    }

    private Predictions predictAligned(Frame rows) throws OrtException {
        float[] scores = new float[rows.rows() * PreparedBatch.scoresPerRow(signature)];
        int[] chosen = new int[signature.task().isClassification() ? rows.rows() : 0];
        for (int from = 0; from < rows.rows(); from += largestBatch) {
            int count = Math.min(largestBatch, rows.rows() - from);
            int slot = count == 1 ? 0 : 32 - Integer.numberOfLeadingZeros(count - 1);
            PreparedBatch batch = idle.get(slot).poll();
            if (batch == null) {
                batch = PreparedBatch.open(session.session(), signature, labels, 1 << slot);
            }
            boolean reusable = false;
            try {
                batch.run(rows, from, count, scores, chosen);
                reusable = true;
            } finally {
                if (reusable) {
                    idle.get(slot).add(batch);
                } else {
                    batch.close();
                }
            }
        }
        return signature.task().isClassification()
                ? new Predictions.Classes(signature.classes(), scores, chosen)
                : new Predictions.Values(scores);
    }

    @Override
    public void close() {
        lifetime.close(() -> {
            idle.forEach(batches -> batches.forEach(PreparedBatch::close));
            session.close();
        });
    }

    @Override
    public String toString() {
        return "OnnxModelRuntime" + Arrays.toString(signature.inputNames().toArray());
    }
}
