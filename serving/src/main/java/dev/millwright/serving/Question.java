package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a request asks of whichever version is to answer it. */
sealed interface Question {
    /** The rows that decide who is to answer; null when tensors are sent. */
    @Nullable
    RequestRows looked();

    /**
     * Asks a model, which is held until the answer is there.
     *
     * @throws WouldWaitException where the target may not wait, and there is no other way
     */
    CompletableFuture<PredictionEvent.Exchange> ask(CallTarget target, Lane lane, LoadedInstance instance);

    /** Of a model that takes feature rows. */
    record OfRows(RequestRows rows) implements Question {
        @Override
        public RequestRows looked() {
            return rows;
        }

        @Override
        public CompletableFuture<PredictionEvent.Exchange> ask(CallTarget target, Lane lane, LoadedInstance instance) {
            Turns<Frame, Predictions> turns = instance.rows();
            RequestRows.Keyed sent = rows.forVersion(lane.version());
            Frame aligned = InputFrames.align(((ModelRuntime) instance.model()).signature(), sent.frame());
            return lane.cached(aligned, () -> turns.predict(aligned, target.deadline(), target.patience()))
                    .thenApply(predictions -> new PredictionEvent.Rows(sent.keys(), aligned, predictions));
        }
    }

    /** Of a model that takes tensors as they are. */
    record OfTensors(List<Tensor> sent) implements Question {
        @Override
        public @Nullable RequestRows looked() {
            return null;
        }

        @Override
        public CompletableFuture<PredictionEvent.Exchange> ask(CallTarget target, Lane lane, LoadedInstance instance) {
            Turns<List<Tensor>, List<Tensor>> turns = instance.tensors();
            List<Tensor> inputs = InputTensors.fit(((TensorModel) instance.model()).inputs(), sent);
            return lane.cached(inputs, () -> turns.predict(inputs, target.deadline(), target.patience()))
                    .thenApply(outputs -> new PredictionEvent.Tensors(inputs, outputs));
        }
    }
}
