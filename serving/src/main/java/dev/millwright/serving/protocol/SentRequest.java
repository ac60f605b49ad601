package dev.millwright.serving.protocol;

import dev.millwright.core.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came over a wire, read for each version by what that takes. All that is not tensors is the same for every version.
 * Thread-safe.
 */
public sealed interface SentRequest {
    /** What a body that is nothing but one tensor says beside it. */
    InferRequest NOTHING_ELSE = new InferRequest(Optional.empty(), Map.of(), List.of(), List.of(), TensorForm.BINARY);

    /**
     * What it says beside its tensors; these may be there already.
     *
     * @param numbers as the version will read them that most probably answers
     * @throws InvalidInputException saying everything that is wrong with its form
     */
    InferRequest head(NumberForm numbers);

    /**
     * The request for a version.
     *
     * @param inputs that the version takes
     * @throws InvalidInputException saying everything that is wrong with its form
     */
    InferRequest read(NumberForm numbers, List<TensorMetadata> inputs);

    /** A message whose tensors say themselves how they are to be read. */
    static SentRequest of(InferRequest message) {
        return new Message(message);
    }

    /** A body of which the first {@code jsonLength} bytes are JSON; see {@link OpenInferenceJson#readRequest}. */
    static SentRequest json(byte[] body, int jsonLength) {
        return new Json(body, jsonLength);
    }

    /** A body that is one tensor; see {@link OpenInferenceJson#readRaw}. */
    static SentRequest raw(byte[] body) {
        return new Raw(body);
    }

    /** See {@link #of}. */
    record Message(InferRequest message) implements SentRequest {
        @Override
        public InferRequest head(NumberForm numbers) {
            return message;
        }

        @Override
        public InferRequest read(NumberForm numbers, List<TensorMetadata> inputs) {
            return message;
        }
    }

    /** See {@link #json}. Most often all versions of an endpoint read numbers alike, and it is read once. */
    final class Json implements SentRequest {
        private final byte[] body;
        private final int jsonLength;
        private volatile @Nullable Read last;

        private record Read(NumberForm numbers, InferRequest request) {}

        private Json(byte[] body, int jsonLength) {
            this.body = body;
            this.jsonLength = jsonLength;
        }

        @Override
        public InferRequest head(NumberForm numbers) {
            Read known = last;
            if (known != null && known.numbers() == numbers) {
                return known.request();
            }
            InferRequest request = OpenInferenceJson.readRequest(body, jsonLength, numbers);
            last = new Read(numbers, request);
            return request;
        }

        @Override
        public InferRequest read(NumberForm numbers, List<TensorMetadata> inputs) {
            return head(numbers);
        }
    }

    /** See {@link #raw}. */
    record Raw(byte[] body) implements SentRequest {
        @Override
        public InferRequest head(NumberForm numbers) {
            return NOTHING_ELSE;
        }

        @Override
        public InferRequest read(NumberForm numbers, List<TensorMetadata> inputs) {
            return OpenInferenceJson.readRaw(body, inputs);
        }
    }
}
