package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.NumberForm;
import dev.millwright.serving.protocol.RequestProblems;
import dev.millwright.serving.protocol.RequestedOutput;
import dev.millwright.serving.protocol.SentRequest;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a request asks of whichever version is to answer it. */
sealed interface Question {
    /**
     * The rows that decide who is to answer, as a version takes them; null when it takes tensors.
     *
     * @throws InvalidInputException when the version can't take what was sent
     */
    @Nullable
    Frame look(Lane lane);

    /**
     * Asks a model, which is held until the answer is there.
     *
     * @throws WouldWaitException where the target may not wait, and there is no other way
     */
    CompletableFuture<PredictionEvent.Exchange> ask(CallTarget target, Lane lane, LoadedInstance instance);

    private static CompletableFuture<PredictionEvent.Exchange> ask(
            CallTarget target, Lane lane, LoadedInstance instance, RequestRows.Keyed sent) {
        Turns<Frame, Predictions> turns = instance.rows();
        Frame aligned = InputFrames.align(((ModelRuntime) instance.model()).signature(), sent.frame());
        return lane.cached(aligned, () -> turns.predict(aligned, target.deadline(), target.patience()))
                .thenApply(predictions -> new PredictionEvent.Rows(sent.keys(), aligned, predictions));
    }

    private static CompletableFuture<PredictionEvent.Exchange> ask(
            CallTarget target, Lane lane, LoadedInstance instance, List<Tensor> sent) {
        Turns<List<Tensor>, List<Tensor>> turns = instance.tensors();
        List<Tensor> inputs = InputTensors.fit(((TensorModel) instance.model()).inputs(), sent, lane.others());
        return lane.cached(inputs, () -> turns.predict(inputs, target.deadline(), target.patience()))
                .thenApply(outputs -> new PredictionEvent.Tensors(inputs, outputs));
    }

    /** Of a model that takes feature rows. */
    record OfRows(RequestRows rows) implements Question {
        @Override
        public Frame look(Lane lane) {
            return rows.forVersion(lane.version()).frame();
        }

        @Override
        public CompletableFuture<PredictionEvent.Exchange> ask(CallTarget target, Lane lane, LoadedInstance instance) {
            instance.rows();
            return Question.ask(target, lane, instance, rows.forVersion(lane.version()));
        }
    }

    /** Of a model that takes tensors as they are. */
    record OfTensors(List<Tensor> sent) implements Question {
        @Override
        public @Nullable Frame look(Lane lane) {
            return null;
        }

        @Override
        public CompletableFuture<PredictionEvent.Exchange> ask(CallTarget target, Lane lane, LoadedInstance instance) {
            return Question.ask(target, lane, instance, sent);
        }
    }

    /** Of either, as the version has it. Most often it is read for one, or for several that take the same. */
    final class OfRequest implements Question {
        private final SentRequest sent;
        private volatile @Nullable Read last;

        private record Read(ModelSignature signature, RequestRows.Keyed rows) {}

        OfRequest(SentRequest sent) {
            this.sent = sent;
        }

        @Override
        public @Nullable Frame look(Lane lane) {
            Optional<FeatureTensors> features = lane.version().source().features();
            return features.isPresent() ? rows(features.get(), lane).frame() : null;
        }

        private RequestRows.Keyed rows(FeatureTensors features, Lane lane) {
            Read known = last;
            if (known != null && known.signature().equals(features.signature())) {
                return known.rows();
            }
            InferRequest request = sent.read(NumberForm.FLOATS, features.inputs());
            RequestRows.Keyed rows = new RequestRows.Keyed(features.rows(request, lane.others()), List.of());
            last = new Read(features.signature(), rows);
            return rows;
        }

        @Override
        public CompletableFuture<PredictionEvent.Exchange> ask(CallTarget target, Lane lane, LoadedInstance instance) {
            Optional<FeatureTensors> features = lane.version().source().features();
            if (features.isPresent()) {
                return Question.ask(target, lane, instance, rows(features.get(), lane));
            }
            instance.tensors();
            TensorModel model = (TensorModel) instance.model();
            InferRequest request = sent.read(NumberForm.EXACT, model.inputs());
            requireOutputs(model, request, lane);
            return Question.ask(target, lane, instance, request.inputs());
        }

        private static void requireOutputs(TensorModel model, InferRequest request, Lane lane) {
            if (!request.outputs().isEmpty()) {
                RequestProblems problems = new RequestProblems();
                List<String> given =
                        model.outputs().stream().map(TensorMetadata::name).toList();
                RequestedOutput.check(request.outputs(), given, lane.others(), problems);
                problems.requireNone();
            }
        }
    }
}
