package dev.millwright.serving;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What comes of a future, as if this thread had done the work. */
public final class Answers {
    private Answers() {}

    /** Waits for it; throws what it failed with. */
    public static <T> T join(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw unchecked(e);
        }
    }

    /** What a stage failed with, without what stages wrap it in. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The same to be thrown; an error is thrown at once. */
    static RuntimeException unchecked(Throwable failure) {
        return switch (cause(failure)) {
            case Error error -> throw error;
            case RuntimeException known -> known;
            case Throwable other -> new IllegalStateException(other);
        };
    }
}
