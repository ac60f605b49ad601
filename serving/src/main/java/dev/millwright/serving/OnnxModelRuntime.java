package dev.millwright.serving;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.FeatureTensors;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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
    private final FeatureTensors tensors;
    private final OrtSession session;
    private final OrtSession.SessionOptions sessionOptions;
    private final int largestBatch;
    /** Idle prepared tensors by the binary logarithm of their batch size; as many as calls ever ran at once. */
    private final List<ConcurrentLinkedQueue<PreparedBatch>> idle;
    /** Read: a call in flight. Write: closing. */
    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean closed;

    private OnnxModelRuntime(
            ModelSignature signature, OrtSession session, OrtSession.SessionOptions sessionOptions, int largestBatch) {
        this.signature = signature;
        this.tensors = new FeatureTensors(signature);
        this.session = session;
        this.sessionOptions = sessionOptions;
        this.largestBatch = largestBatch;
        this.idle = IntStream.rangeClosed(0, Integer.numberOfTrailingZeros(largestBatch))
                .mapToObj(size -> new ConcurrentLinkedQueue<PreparedBatch>())
                .toList();
    }

    /**
     * Loads a graph, checks that its inputs and outputs are those of the signature, and tries it as the options say.
     *
     * @throws MillwrightException {@link ServingError#MODEL_UNFIT}, naming everything that doesn't fit
     */
    public static OnnxModelRuntime open(byte[] onnx, ModelSignature signature, RuntimeOptions options) {
        OrtSession.SessionOptions sessionOptions = new OrtSession.SessionOptions();
        OrtSession session;
        try {
            sessionOptions.setIntraOpNumThreads(options.intraOpThreads());
            sessionOptions.setInterOpNumThreads(1);
            // A spinning pool would take the cores from the server between two requests.
            sessionOptions.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = OrtEnvironment.getEnvironment().createSession(onnx, sessionOptions);
        } catch (OrtException e) {
            sessionOptions.close();
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT,
                    "model: ONNX Runtime can't load it: " + e.getMessage()
                            + " (expected: an ONNX graph of operators that it knows)",
                    e);
        }
        OnnxModelRuntime runtime = new OnnxModelRuntime(signature, session, sessionOptions, options.largestBatch());
        try {
            GraphContract.check(session, signature);
            if (options.trial() == RuntimeOptions.Trial.MISSING_ROW) {
                runtime.predict(missingRow(signature));
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

    private static Frame missingRow(ModelSignature signature) {
        return new Frame(
                1,
                signature.inputs().stream()
                        .map(input -> switch (input.type()) {
                            case NUMBER ->
                                (FeatureColumn) new FeatureColumn.Numeric(input.name(), new float[] {Float.NaN});
                            case TEXT -> new FeatureColumn.Text(input.name(), new String[] {""});
                        })
                        .toList());
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public FeatureTensors tensors() {
        return tensors;
    }

    @Override
    public Predictions predict(Frame rows) {
        Frame aligned = InputFrames.align(signature, rows);
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new MillwrightException(
                        ServingError.RUNTIME_CLOSED, "model: closed (expected: a version that serves). Send it again.");
            }
            return predictAligned(aligned);
        } catch (OrtException e) {
            throw new MillwrightException(ServingError.INFERENCE_FAILED, "model: failed: " + e.getMessage(), e);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private Predictions predictAligned(Frame rows) throws OrtException {
        float[] scores = new float[rows.rows() * PreparedBatch.scoresPerRow(signature)];
        int[] labels = new int[signature.task().isClassification() ? rows.rows() : 0];
        for (int from = 0; from < rows.rows(); from += largestBatch) {
            int count = Math.min(largestBatch, rows.rows() - from);
            int slot = count == 1 ? 0 : 32 - Integer.numberOfLeadingZeros(count - 1);
            PreparedBatch batch = idle.get(slot).poll();
            if (batch == null) {
                batch = PreparedBatch.open(session, signature, 1 << slot);
            }
            boolean reusable = false;
            try {
                batch.run(rows, from, count, scores, labels);
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
                ? new Predictions.Classes(signature.classes(), scores, labels)
                : new Predictions.Values(scores);
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            idle.forEach(batches -> batches.forEach(PreparedBatch::close));
            session.close();
            sessionOptions.close();
        } catch (OrtException e) {
            throw new MillwrightException(ServingError.INFERENCE_FAILED, "model: can't be freed: " + e.getMessage(), e);
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return "OnnxModelRuntime" + Arrays.toString(signature.inputNames().toArray());
    }
}
