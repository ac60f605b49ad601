package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.HeapSize;
import dev.millwright.serving.protocol.Tensor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request that was answered, for the prediction log.
 *
 * @param predictionId the request's id; a row's is {@link #predictionId(int)}
 * @param time when the request arrived
 * @param exchange what was asked and answered
 * @param nanos from the call to the answer
 */
public record PredictionEvent(
        String predictionId,
        Instant time,
        String endpoint,
        String model,
        int version,
        Role role,
        Optional<String> clientId,
        Exchange exchange,
        long nanos) {
    /** Whether anybody saw the answer. */
    public enum Role {
        SERVED,
        SHADOW
    }

    /** What was asked and answered. */
    public sealed interface Exchange {
        /** How many predictions it holds, each with an id of its own. */
        int rows();

        /** Memory that its values take, in bytes, about. */
        long bytes();
    }

    /**
     * Feature rows.
     *
     * @param keys empty, or one a row
     */
    public record Rows(List<RowKey> keys, Frame frame, Predictions predictions) implements Exchange {
        public Rows {
            keys = List.copyOf(keys);
        }

        @Override
        public int rows() {
            return frame.rows();
        }

        @Override
        public long bytes() {
            return HeapSize.of(frame);
        }
    }

    /** Tensors, which count as one prediction whatever their shape. */
    public record Tensors(List<Tensor> inputs, List<Tensor> outputs) implements Exchange {
        public Tensors {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }

        @Override
        public int rows() {
            return 1;
        }

        @Override
        public long bytes() {
            return HeapSize.of(inputs) + HeapSize.of(outputs);
        }
    }

    /** The id of one row's prediction. */
    public String predictionId(int row) {
        return InferenceResult.rowId(predictionId, row);
    }
}
