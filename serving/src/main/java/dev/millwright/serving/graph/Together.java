package dev.millwright.serving.graph;

import dev.millwright.core.Predictions;
import dev.millwright.serving.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Asks several parts: at the same time where that is worth a change of threads, else one after the other. Thread-safe.
 */
public final class Together {
    /**
     * In nanoseconds. Handing a part to another thread and waiting for it takes about 12 µs: from here on that is little where all
     * cores are busy, and much is won where they aren't.
     */
    private static final long WORTH_IT = 200_000;

    private final Executor background;

    /** @param background runs parts; must not reject */
    public Together(Executor background) {
        this.background = background;
    }

    /**
     * A part to ask.
     *
     * @param nanos how long it takes, about
     */
    record Asking(long nanos, Supplier<Predictions> part) {}

    /** The answers, in the order of the parts; the first failure, after all have ended. */
    List<Predictions> ask(List<Asking> askings) {
        List<CompletableFuture<Predictions>> elsewhere = new ArrayList<>();
        boolean[] away = new boolean[askings.size()];
        // The last one that is worth it is asked by this thread, which would only wait.
        boolean here = false;
        for (int i = askings.size() - 1; i >= 0; i--) {
            boolean slow = askings.get(i).nanos() >= WORTH_IT;
            away[i] = slow && here;
            here |= slow;
        }
        for (int i = 0; i < away.length; i++) {
            if (away[i]) {
                elsewhere.add(CompletableFuture.supplyAsync(askings.get(i).part(), background));
            }
        }
        try {
            List<Predictions> own = new ArrayList<>();
            for (int i = 0; i < away.length; i++) {
                if (!away[i]) {
                    own.add(askings.get(i).part().get());
                }
            }
            return merged(away, own, elsewhere);
        } finally {
            awaitAll(elsewhere);
        }
    }

    private static List<Predictions> merged(
            boolean[] away, List<Predictions> own, List<CompletableFuture<Predictions>> elsewhere) {
        List<Predictions> answers = new ArrayList<>(away.length);
        int theirs = 0;
        int mine = 0;
        for (boolean other : away) {
            answers.add(other ? Answers.join(elsewhere.get(theirs++)) : own.get(mine++));
        }
        return answers;
    }

    /** Nothing may be asked any more when the caller goes on: it may give the models back. */
    private static void awaitAll(List<CompletableFuture<Predictions>> elsewhere) {
        for (CompletableFuture<Predictions> answer : elsewhere) {
            answer.handle((done, failed) -> true).join();
        }
    }
}
