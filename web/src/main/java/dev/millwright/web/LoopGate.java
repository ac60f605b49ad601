package dev.millwright.web;

import dev.millwright.serving.Round;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends the rounds of event loops, and keeps them short. In a round a loop reads whatever has arrived during the last one, then
 * asks the models: when requests cost more than the thread has, rounds grow, and with them everybody's wait. Then only the first requests
 * of a round are let in, for a time that is halved while rounds are too long and grows again while they are not.
 */
final class LoopGate {
    /** Of the longest round: so much time is for answers, however many requests there are to refuse. */
    private static final int SMALLEST_SHARE = 4;

    private final long longestRound;
    private final LongSupplier nanoTime;
    private final FastThreadLocal<@Nullable Loop> loops = new FastThreadLocal<>();

    /** What a loop is doing; only its thread sees it. */
    private static final class Loop {
        private final Round round;
        private long start;
        private boolean running;
        private long budget;
        /** What the requests of this round will take that have been let in. */
        private long owed;

        Loop(Round round, long budget) {
            this.round = round;
            this.budget = budget;
        }
    }

    /** Both in nanoseconds. */
    LoopGate(long longestRound, LongSupplier nanoTime) {
        this.longestRound = longestRound;
        this.nanoTime = nanoTime;
    }

    /** Whether there is time for one more request in this round. Called on the thread of {@code eventLoop}. */
    boolean admits(EventLoop eventLoop) {
        long now = nanoTime.getAsLong();
        Loop loop = loops.get();
        if (loop == null) {
            loop = new Loop(new Round(eventLoop), longestRound);
            loops.set(loop);
        }
        if (!loop.running) {
            begin(loop, eventLoop, now);
        }
        return now - loop.start + loop.owed <= loop.budget;
    }

    private void begin(Loop loop, EventLoop eventLoop, long now) {
        loop.running = true;
        loop.start = now;
        loop.owed = 0;
        // The loop does what it is given when it has been through all that had arrived.
        eventLoop.execute(() -> {
            loop.running = false;
            loop.round.end();
            // Behind the answers, which the models have left with the loop.
            eventLoop.execute(() -> judge(loop, now));
        });
    }

    /** The round of this thread for a request that has been let in, and will keep a model busy for so many nanoseconds. */
    Round enter(long modelNanos) {
        Loop loop = Objects.requireNonNull(loops.get(), "a loop that was not asked for admission");
        loop.owed += modelNanos;
        return loop.round;
    }

    private void judge(Loop loop, long start) {
        long took = nanoTime.getAsLong() - start;
        loop.budget = took > longestRound
                ? Math.max(longestRound / SMALLEST_SHARE, loop.budget / 2)
                : Math.min(longestRound, loop.budget + loop.budget / 8);
    }
}
