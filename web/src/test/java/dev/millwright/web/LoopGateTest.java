package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoopGateTest {
    private static final long MILLISECOND = 1_000_000;

    private final EventLoop loop = new DefaultEventLoop();
    private final AtomicLong now = new AtomicLong();
    private final LoopGate gate = new LoopGate(8 * MILLISECOND, now::get);

    @AfterEach
    void stop() {
        var _ = loop.shutdownGracefully();
    }

    /** How many requests are let in of those that a round finds, each of which takes a millisecond whether or not it is. */
    private int round(int requests) throws Exception {
        Callable<Integer> round = () -> {
            int admitted = 0;
            for (int i = 0; i < requests; i++) {
                admitted += gate.admits(loop) ? 1 : 0;
                now.addAndGet(MILLISECOND);
            }
            return admitted;
        };
        int admitted = loop.submit(round).get();
        // The loop ends the round, then judges it.
        loop.submit(() -> {}).get();
        loop.submit(() -> {}).get();
        return admitted;
    }

    @Test
    void letsEverybodyIn_whileRoundsAreShort() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(round(8)).isEqualTo(8);
        }
    }

    @Test
    void letsFewerInTheLongerRoundsGet_andMoreAgainAfterwards() throws Exception {
        assertThat(round(40)).isEqualTo(9);
        assertThat(round(40)).isEqualTo(5);
        assertThat(round(40)).isEqualTo(3);
        for (int i = 0; i < 10; i++) {
            assertThat(round(40)).isEqualTo(3);
        }
        for (int i = 0; i < 40; i++) {
            round(1);
        }
        assertThat(round(8)).isEqualTo(8);
    }

    @Test
    void countsWhatModelsWillTake() throws Exception {
        Callable<Integer> round = () -> {
            int admitted = 0;
            while (gate.admits(loop)) {
                gate.enter(MILLISECOND);
                admitted++;
            }
            return admitted;
        };
        assertThat(loop.submit(round).get()).isEqualTo(9);
    }
}
