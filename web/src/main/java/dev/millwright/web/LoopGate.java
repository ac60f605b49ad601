package dev.millwright.web;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.function.LongSupplier;

/**
 * Keeps the rounds of an event loop short. In a round it handles whatever has arrived during the last one: when requests cost more than
 * the thread has, rounds grow, and with them everybody's wait. Then only the first requests of a round are let in, for a time that is
 * halved while rounds are too long and grows again while they are not.
 */
final class LoopGate {
    /** Of the longest round: so much time is for answers, however many requests there are to refuse. */
    private static final int SMALLEST_SHARE = 4;

    private final long longestRound;
    private final LongSupplier nanoTime;
    private final FastThreadLocal<Round> rounds = new FastThreadLocal<>() {
        @Override
        protected Round initialValue() {
            return new Round(longestRound);
        }
    };

    /** What a loop is doing; only its thread sees it. */
    private static final class Round {
        private long start;
        private boolean running;
        private long budget;

        Round(long budget) {
            this.budget = budget;
        }
    }

    /** Both in nanoseconds. */
    LoopGate(long longestRound, LongSupplier nanoTime) {
        this.longestRound = longestRound;
        this.nanoTime = nanoTime;
    }

    /** Whether there is time for one more request in this round. Called on the thread of {@code loop}. */
    boolean admits(EventLoop loop) {
        long now = nanoTime.getAsLong();
        Round round = rounds.get();
        if (!round.running) {
            round.running = true;
            round.start = now;
            // The loop does what it is given like that when it has been through all that had arrived.
            loop.execute(() -> end(round));
        }
        return now - round.start <= round.budget;
    }

    private void end(Round round) {
        long took = nanoTime.getAsLong() - round.start;
        round.running = false;
        round.budget = took > longestRound
                ? Math.max(longestRound / SMALLEST_SHARE, round.budget / 2)
                : Math.min(longestRound, round.budget + round.budget / 8);
    }
}
