package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExecutionCountsTest {
    private final AtomicLong now = new AtomicLong();
    private final ExecutionCounts counts = new ExecutionCounts(now::get);

    private void run(int rows, Duration duration) {
        now.addAndGet(duration.toNanos());
        counts.executed(rows, 1, duration.toNanos());
    }

    @Test
    void remembersAStall_howeverQuickTheRowsAfterItAre() {
        run(1, Duration.ofNanos(20_000));
        assertThat(counts.stalledOfLate()).isFalse();

        run(2, Duration.ofMillis(300));
        for (int i = 0; i < 1000; i++) {
            run(1, Duration.ofNanos(20_000));
        }
        assertThat(counts.rowNanos().orElseThrow()).isLessThan(21_000);
        assertThat(counts.stalledOfLate()).isTrue();

        now.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(counts.stalledOfLate()).isFalse();
    }

    @Test
    void shortensNoPenance() {
        run(1, Duration.ofMillis(300));
        run(1, Duration.ofMillis(60));
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(counts.stalledOfLate()).isTrue();
    }

    @Test
    void learnsNothingFromWhatFailsSoon() {
        run(1, Duration.ofMillis(10));
        for (int i = 0; i < 100; i++) {
            counts.failed(1, 1_000);
        }
        assertThat(counts.rowNanos()).hasValue(10_000_000);
        for (int i = 0; i < 100; i++) {
            counts.failed(1, 90_000_000);
        }
        assertThat(counts.rowNanos().orElseThrow()).isGreaterThan(80_000_000);
        assertThat(counts.snapshot().executions()).isEqualTo(1);
    }

    @Test
    void takesManyRowsForNoStall() {
        run(5000, Duration.ofMillis(300));
        assertThat(counts.stalledOfLate()).isFalse();
    }
}
