package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.serving.PredictionEvent.Role;
import dev.millwright.serving.rollout.OutcomeSource.Outcomes;
import dev.millwright.serving.rollout.QualityFigures.QualityDifference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Labels of a shadow's time, in pairs, and of the canary that follows it, which make no pairs. */
class QualityLedgerTest {
    private static final Canary CANARY = new Canary(List.of(0.5, 1.0), Duration.ofMinutes(1));

    private final QualityLedger ledger = ledger(new Shadow.Then.Continue(CANARY));
    private int requests;

    private static QualityLedger ledger(Shadow.Then then) {
        RolloutPlan plan = RolloutPlan.of(
                new Shadow(Duration.ofMinutes(1), 100, 1, then), List.of(RollBackRule.parse("quality < champion")));
        RolloutState state = RolloutState.first("churn", "m", 1, 2, plan, Instant.parse("2026-01-01T00:00:00Z"));
        return new QualityLedger(state, () -> 0);
    }

    /** Answers of which so many were right, beginning with the first. */
    private static Outcomes outcomes(int version, Role role, int firstRequest, int all, int right) {
        int[] came = IntStream.range(0, all).map(row -> row < right ? 0 : 1).toArray();
        float[] sure = new float[2 * all];
        for (int row = 0; row < all; row++) {
            sure[2 * row] = 1;
        }
        List<String> classes = List.of("no", "yes");
        return new Outcomes(
                version,
                role,
                IntStream.range(firstRequest, firstRequest + all)
                        .mapToObj(Integer::toString)
                        .toList(),
                new Predictions.Classes(classes, sure, new int[all]),
                new Labels.Classes(classes, came));
    }

    private void both(QualityLedger told, int all, int championRight, int candidateRight) {
        told.add(List.of(
                outcomes(1, Role.SERVED, requests, all, championRight),
                outcomes(2, Role.SHADOW, requests, all, candidateRight)));
        requests += all;
    }

    private void each(int all, int championRight, int candidateRight) {
        ledger.add(List.of(outcomes(1, Role.SERVED, requests, all, championRight)));
        requests += all;
        ledger.add(List.of(outcomes(2, Role.SERVED, requests, all, candidateRight)));
        requests += all;
    }

    private QualityDifference difference() {
        return ledger.figures().difference().orElseThrow();
    }

    @Test
    void aCandidateWhoseQualityFallsAfterTheShadow_isFoundOut() {
        both(ledger, 300, 270, 270);
        assertThat(ledger.figures().isWorse(0)).isFalse();

        each(50, 45, 45);
        assertThat(ledger.figures().isWorse(0)).isFalse();
        for (int page = 0; page < 10; page++) {
            each(50, 45, 20);
        }

        assertThat(ledger.figures().isWorse(0)).isTrue();
        assertThat(difference().mean()).isCloseTo(-0.45, within(0.02));
        assertThat(difference().labels())
                .as("labels of the canary, which contradict the shadow's")
                .isEqualTo(550);
    }

    @Test
    void whereBothAgree_theirIntervalsAreOneThatIsNarrower() {
        both(ledger, 300, 270, 240);
        QualityDifference paired = difference();

        each(300, 270, 240);

        assertThat(difference().labels()).isEqualTo(600);
        assertThat(difference().mean()).isCloseTo(-0.1, within(0.01));
        assertThat(difference().lower()).isGreaterThanOrEqualTo(paired.lower());
        assertThat(difference().upper()).isLessThanOrEqualTo(paired.upper());
    }

    @Test
    void requestsThatBothAnswered_areNotCountedOnceMoreByThemselves() {
        both(ledger, 300, 270, 240);
        ledger.add(List.of(outcomes(2, Role.SERVED, requests, 1, 1)));
        assertThat(difference().labels()).isEqualTo(300);
    }

    @Test
    void halfOfAlphaIsSetAsideForTheCanary_onlyWhereThereIsOne() {
        QualityLedger alone = ledger(new Shadow.Then.Promote());
        both(alone, 300, 270, 240);
        both(ledger, 300, 270, 240);
        QualityDifference found = alone.figures().difference().orElseThrow();
        assertThat(found.upper()).isLessThan(difference().upper());
        assertThat(found.mean()).isEqualTo(difference().mean());
    }
}
