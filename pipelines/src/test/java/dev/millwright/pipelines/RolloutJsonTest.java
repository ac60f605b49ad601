package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.serving.rollout.Canary;
import dev.millwright.serving.rollout.QualityFigures;
import dev.millwright.serving.rollout.RollBackRule;
import dev.millwright.serving.rollout.RolloutFigures;
import dev.millwright.serving.rollout.RolloutPlan;
import dev.millwright.serving.rollout.RolloutState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutJsonTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{canary: [5%, 25%], every: 10m, roll_back_if: [error_rate > 2%, quality < champion - 1%]}",
                "{blue_green: {wait: 5m, keep: 2h}}",
                "{shadow: {for: 1h, requests: 500, share: 20%, then: promote}, roll_back_if: [disagreement > 5%]}",
                "{shadow: {for: 1h}, canary: [10%], roll_back_if: [mean_difference > 0.1]}",
                "{ab: {split: 30%, sticky_by: header x-user, for: 14d}, score: label, alpha: 1%}",
                "{ab: {sticky_by: column plan}, score: within 2.5}",
                "{bandit: {floor: 2%, until: 99%, versions: [1]}, every: 1m}",
                "conditions:\n- plan = 'a'\n- {when: \"header x-tier in ('gold', 'it''s') and age >= 30\", version: 1}"
            })
    void isReadAsItWasWritten(String rollout) {
        RolloutPlan plan = RolloutReader.parse(rollout);
        RolloutState state = new RolloutState(
                "customers",
                "customers",
                2,
                3,
                plan,
                0,
                NOW,
                NOW.plusSeconds(5),
                Optional.of(NOW.plusSeconds(9)),
                Map.of(3, 0.25, 2, 0.75));

        assertThat(RolloutJson.read(RolloutJson.write(state))).isEqualTo(state);
    }

    /** As releases wrote it that knew only canaries. */
    @Test
    void readsTheFirstForm() {
        RolloutState state = RolloutJson.read("{\"endpoint\":\"churn\",\"model\":\"m\",\"champion\":1,\"candidate\":2,"
                + "\"plan\":{\"canary\":[0.05,1.0],\"every\":\"PT10M\",\"roll_back_if\":[\"error_rate > 1%\"],"
                + "\"minimum_requests\":50,\"patience\":\"PT1H40M\"},\"stage\":1,"
                + "\"stage_started\":\"2026-03-01T00:00:00Z\"}");

        assertThat(state.strategy()).isEqualTo(new Canary(List.of(0.05, 1.0), Duration.ofMinutes(10)));
        assertThat(state.plan().rollBackIf()).containsExactly(new RollBackRule.ErrorRate(0.01));
        assertThat(state.plan().minimumRequests()).isEqualTo(50);
        assertThat(state.stage()).isEqualTo(1);
        assertThat(state.stageStarted()).isEqualTo(NOW);
        assertThat(state.isPaused()).isFalse();
    }

    @Test
    void refusesWhatALaterReleaseWrote() {
        assertThatThrownBy(() -> RolloutJson.read("{\"format\":99}"))
                .hasMessage("rollout: stored in form 99 (expected: at most 2). A later release wrote it: start that"
                        + " one.");
    }

    @Test
    void keepsFigures() {
        RolloutFigures figures = new RolloutFigures(
                List.of(new RolloutFigures.VersionCounts(2, 100, 1, 0.5, 2.25)),
                Optional.of(0.01),
                Optional.of(new RolloutFigures.AnswerDisagreement(50, 0.02, 0.001, 0.25)),
                Optional.of(new QualityFigures(
                        "brier",
                        0.05,
                        List.of(new QualityFigures.VersionQuality(2, 80, 0.8, 0.7, 0.9)),
                        Optional.of(new QualityFigures.QualityDifference(80, 0.1, -0.1, 0.3)))));

        String written = RolloutJson.write(figures);
        assertThat(RolloutJson.readFigures(written)).isEqualTo(figures);
        assertThat(RolloutJson.readFigures("{\"of_a_later_version\":[1]," + written.substring(1)))
                .isEqualTo(figures);
    }
}
