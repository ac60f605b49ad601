package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JudgementHistoryTest {
    private static List<Long> after(int judgements) {
        JudgementHistory history = new JudgementHistory();
        for (int i = 0; i < judgements; i++) {
            history.add(new Judgement(Instant.ofEpochSecond(i), 1, Map.of("amount", 0.1), Optional.empty()));
        }
        return history.list().stream()
                .map(judgement -> judgement.time().getEpochSecond())
                .toList();
    }

    @Test
    void keepsAll_whileThereIsRoom() {
        assertThat(after(3)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void keepsTheWholeStretch_evenlyThinned_andAlwaysTheNewest() {
        for (int count : new int[] {240, 241, 242, 500, 1_003, 10_000}) {
            List<Long> kept = after(count);
            assertThat(kept.size()).as("of " + count).isBetween(Math.min(count, 120), 241);
            assertThat(kept.getFirst()).isZero();
            assertThat(kept.getLast()).isEqualTo(count - 1L);
            long stride = kept.get(1) - kept.get(0);
            for (int i = 1; i < kept.size() - 1; i++) {
                assertThat(kept.get(i) - kept.get(i - 1)).as("of " + count).isEqualTo(stride);
            }
        }
    }
}
