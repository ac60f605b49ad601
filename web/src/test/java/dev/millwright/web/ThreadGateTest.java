package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ThreadGateTest {
    private static final long MILLISECOND = 1_000_000;

    private final Queue<Runnable> given = new ArrayDeque<>();
    private final AtomicLong now = new AtomicLong();
    private int tooLate;
    private final ThreadGate gate = new ThreadGate(given::add, 10 * MILLISECOND, now::get);

    /** How many are let in before one is refused, a thousand at most. */
    private int admitted() {
        int admitted = 0;
        while (admitted < 1000 && gate.admits()) {
            give();
            admitted++;
        }
        return admitted;
    }

    private void give() {
        gate.execute(() -> now.addAndGet(MILLISECOND), () -> tooLate++);
    }

    private void runAll() {
        for (Runnable next = given.poll(); next != null; next = given.poll()) {
            next.run();
        }
    }

    @Test
    void letsInAsManyAsBeginInTime_onceItKnowsHowFastTheyDo() {
        assertThat(admitted()).as("nothing is known yet").isEqualTo(1000);
        runAll();
        assertThat(tooLate).as("11 begin within 10 ms").isEqualTo(1000 - 11);
        for (int i = 0; i < 8; i++) {
            admitted();
            runAll();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(admitted()).isBetween(10, 12);
            assertThat(gate.admits()).isFalse();
            runAll();
            assertThat(gate.admits()).isTrue();
        }
    }

    @Test
    void takesNoIdleTimeForWork_afterWhoeverCameTooLate() {
        give();
        give();
        given.remove().run();
        now.addAndGet(20 * MILLISECOND);
        runAll();
        assertThat(tooLate).isEqualTo(1);
        now.addAndGet(1000 * MILLISECOND);
        give();
        runAll();
        assertThat(admitted()).isEqualTo(1000);
    }

    @Test
    void forgetsAStall_whenNobodyWaitsAnyMore() {
        give();
        give();
        given.remove().run();
        now.addAndGet(9 * MILLISECOND);
        runAll();
        assertThat(admitted()).isBetween(10, 20);
        runAll();
        for (int i = 0; i < 100; i++) {
            give();
            runAll();
        }
        assertThat(admitted()).isEqualTo(1000);
    }

    @Test
    void doesNotTakeIdleTimeForWork() {
        for (int i = 0; i < 100; i++) {
            give();
            runAll();
            now.addAndGet(1000 * MILLISECOND);
        }
        assertThat(admitted()).isEqualTo(1000);
    }

    @Test
    void forgetsThoseThatGetNoThread() {
        ThreadGate closed = new ThreadGate(
                work -> {
                    throw new RejectedExecutionException("closed");
                },
                0,
                now::get);
        assertThatThrownBy(() -> closed.execute(() -> {}, () -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(closed.admits()).isTrue();
    }
}
