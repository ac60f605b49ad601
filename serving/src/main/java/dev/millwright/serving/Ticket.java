package dev.millwright.serving;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A request that waits for its turn, and whoever waits for its answer. */
abstract sealed class Ticket<I, O> {
    private static final int WAITING = 0;
    private static final int TAKEN = 1;
    private static final int LEFT = 2;

    final I request;
    final int rows;
    final Deadline deadline;
    final long since = System.nanoTime();
    private final AtomicInteger state = new AtomicInteger();

    @Nullable
    O answer;

    @Nullable
    Throwable failure;

    private Ticket(I request, int rows, Deadline deadline) {
        this.request = request;
        this.rows = rows;
        this.deadline = deadline;
    }

    /** False when its owner has given up. */
    final boolean take() {
        return state.compareAndSet(WAITING, TAKEN);
    }

    /** False when it is being worked on. */
    final boolean leave() {
        return state.compareAndSet(WAITING, LEFT);
    }

    final void finish(O found) {
        answer = found;
        finish();
    }

    final void fail(Throwable cause) {
        failure = cause;
        finish();
    }

    /** Lets its owner know that it may be its turn. */
    abstract void wake();

    /** Lets its owner know that there is an answer, or a failure. */
    abstract void finish();

    /** Of a thread that waits. */
    static final class OfThread<I, O> extends Ticket<I, O> {
        private final Thread owner = Thread.currentThread();
        private volatile boolean done;

        OfThread(I request, int rows, Deadline deadline) {
            super(request, rows, deadline);
        }

        boolean isDone() {
            return done;
        }

        /** Once it is done. */
        O answer() {
            if (failure != null) {
                throw Answers.unchecked(failure);
            }
            return Objects.requireNonNull(answer);
        }

        @Override
        void wake() {
            LockSupport.unpark(owner);
        }

        @Override
        void finish() {
            done = true;
            wake();
        }
    }

    /** Of an event loop, which goes on meanwhile. */
    static final class OfLoop<I, O> extends Ticket<I, O> {
        final CompletableFuture<O> promise = new CompletableFuture<>();
        private final Executor loop;
        private final Runnable turn;

        /** {@code turn} is taken on the loop's thread. */
        OfLoop(I request, int rows, Deadline deadline, Executor loop, Runnable turn) {
            super(request, rows, deadline);
            this.loop = loop;
            this.turn = turn;
        }

        @Override
        void wake() {
            try {
                loop.execute(turn);
            } catch (RejectedExecutionException stopped) {
                // Others may wait behind this one.
                turn.run();
            }
        }

        @Override
        void finish() {
            try {
                loop.execute(this::deliver);
            } catch (RejectedExecutionException stopped) {
                // Nobody is answered any more, but what the request holds is let go.
                deliver();
            }
        }

        private void deliver() {
            if (failure != null) {
                promise.completeExceptionally(failure);
            } else {
                promise.complete(Objects.requireNonNull(answer));
            }
        }
    }
}
