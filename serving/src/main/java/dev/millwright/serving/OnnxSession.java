package dev.millwright.serving;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.millwright.core.MillwrightException;
import java.util.function.IntConsumer;

/** A graph that ONNX Runtime has loaded, with the options that belong to it. */
final class OnnxSession implements AutoCloseable {
    private static final long LONGEST_WARM_UP_NANOS = 200_000_000;

    private final OrtSession session;
    private final OrtSession.SessionOptions options;

    private OnnxSession(OrtSession session, OrtSession.SessionOptions options) {
        this.session = session;
        this.options = options;
    }

    /** Loads a graph; {@link ServingError#MODEL_UNFIT} when ONNX Runtime can't, with what it lacks. */
    static OnnxSession open(byte[] onnx, RuntimeOptions settings) {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            options.setIntraOpNumThreads(settings.intraOpThreads());
            options.setInterOpNumThreads(1);
            // A spinning pool would take the cores from the server between two requests.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return new OnnxSession(OrtEnvironment.getEnvironment().createSession(onnx, options), options);
        } catch (OrtException e) {
            options.close();
            throw new MillwrightException(ServingError.MODEL_UNFIT, LoadFailure.describe(e), e);
        }
    }

    OrtSession session() {
        return session;
    }

    /** Runs batches of 1, 2, 4 … rows up to the largest, for two tenths of a second at most and the end of a batch. */
    static void warmUp(int largest, IntConsumer run) {
        long end = System.nanoTime() + LONGEST_WARM_UP_NANOS;
        try {
            for (int rows = 1; rows <= largest && end - System.nanoTime() > 0; rows *= 2) {
                run.accept(rows);
            }
        } catch (MillwrightException refused) {
            // A graph of others may refuse what is blank; requests tell what it takes.
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new MillwrightException(ServingError.INFERENCE_FAILED, "model: can't be freed: " + e.getMessage(), e);
        } finally {
            options.close();
        }
    }
}
