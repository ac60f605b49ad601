package dev.millwright.serving.cache;

import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.HeapSize;
import dev.millwright.serving.protocol.Tensor;
import java.util.List;

/** What a model said. Shared by all who ask the same, as predictions are anyway: nobody changes it. */
sealed interface Answer {
    /** Memory that keeping it takes, in bytes, about. */
    long bytes();

    record Row(Predictions predictions) implements Answer {
        @Override
        public long bytes() {
            return switch (predictions) {
                case Predictions.Classes classes -> HeapSize.OBJECT + 4L * classes.probabilities().length;
                case Predictions.Values values -> HeapSize.OBJECT;
            };
        }
    }

    record Tensors(List<Tensor> outputs) implements Answer {
        public Tensors {
            outputs = Input.Tensors.copies(outputs);
        }

        @Override
        public long bytes() {
            return HeapSize.of(outputs);
        }
    }
}
