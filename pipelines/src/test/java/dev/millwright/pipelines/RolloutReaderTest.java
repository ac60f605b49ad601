package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.serving.rollout.AbTest;
import dev.millwright.serving.rollout.Bandit;
import dev.millwright.serving.rollout.BlueGreen;
import dev.millwright.serving.rollout.Canary;
import dev.millwright.serving.rollout.Conditions;
import dev.millwright.serving.rollout.QualityScore;
import dev.millwright.serving.rollout.RollBackRule;
import dev.millwright.serving.rollout.RolloutPlan;
import dev.millwright.serving.rollout.Shadow;
import dev.millwright.serving.rollout.Strategy;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutReaderTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static Strategy strategy(String rollout) {
        return RolloutReader.parse(rollout).strategy();
    }

    @Test
    void readsEachStrategy() {
        assertThat(strategy("{canary: [5%, 25%], every: 1h}")).isEqualTo(new Canary(List.of(0.05, 0.25, 1.0), HOUR));
        assertThat(strategy("{blue_green: {}}")).isEqualTo(new BlueGreen(Duration.ZERO, HOUR));
        assertThat(strategy("{blue_green: {wait: 0s, keep: 2h}}"))
                .isEqualTo(new BlueGreen(Duration.ZERO, HOUR.multipliedBy(2)));
        assertThat(strategy("{shadow: {for: 1h}}")).isEqualTo(new Shadow(HOUR, 100, 1, new Shadow.Then.Stop()));
        assertThat(strategy("{shadow: {requests: 7, share: 20%, then: promote}}"))
                .isEqualTo(new Shadow(HOUR, 7, 0.2, new Shadow.Then.Promote()));
        assertThat(strategy("{shadow: {}, canary: [50%], every: 1h, minimum_requests: 9}"))
                .isEqualTo(new Shadow(HOUR, 9, 1, new Shadow.Then.Continue(new Canary(List.of(0.5, 1.0), HOUR))));
        assertThat(strategy("{ab: {split: 30%, sticky_by: header X-User, for: 1h}}"))
                .isEqualTo(new AbTest(0.3, new StickyKey.Header("x-user"), Optional.of(HOUR)));
        assertThat(strategy("{bandit: {versions: [2, 3], until: 99%}, every: 1h}"))
                .isEqualTo(new Bandit(0.05, HOUR, Optional.of(0.99), List.of(2, 3)));
        assertThat(strategy("conditions: [country = 'DE']"))
                .isEqualTo(new Conditions(
                        List.of(new Conditions.Rule(RequestCondition.parse("country = 'DE'"), Optional.empty()))));
    }

    @Test
    void readsWhatIsJudged() {
        RolloutPlan plan = RolloutReader.parse("{ab: {}, score: within 2.5, alpha: 1%, roll_back_if: [quality <"
                + " champion - 2%, disagreement > 5%, mean_difference > 0.1]}");
        assertThat(plan.score()).isEqualTo(new QualityScore.Within(2.5));
        assertThat(plan.alpha()).isEqualTo(0.01);
        assertThat(plan.rollBackIf())
                .containsExactly(
                        new RollBackRule.QualityLoss(0.02),
                        new RollBackRule.Disagreement(0.05),
                        new RollBackRule.MeanDifference(0.1));
        assertThat(RolloutReader.parse("{bandit: {}}").score()).isEqualTo(new QualityScore.Correct());
        assertThat(RolloutReader.parse("{ab: {}}").score()).isEqualTo(new QualityScore.Brier());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {blue_grean: {}}                      | rollout:1:2: rollout.blue_grean: unknown key. Did you mean 'blue_green'?
                    {blue_green: {keep: 0s}}              | rollout:1:15: rollout.blue_green.keep: 0 (expected: longer than nothing).
                    {ab: {}, bandit: {}}                  | rollout:1:10: rollout.bandit: beside ab (expected: one strategy, or shadow with canary after it).
                    {ab: {split: 100%}}                   | rollout:1:7: rollout.split: 1.0 (expected: above 0% and below 100%).
                    {ab: {sticky_by: user}}               | rollout:1:18: rollout.sticky_by: user (expected: client_id, header NAME or column NAME).
                    {bandit: {floor: 60%}}                | rollout:1:11: rollout.floor: 60 % for each of 2 versions (expected: less than 50 %).
                    {shadow: {then: promot}}              | rollout:1:17: rollout.shadow.then: promot (expected: promote, stop or canary). Did you mean 'promote'?
                    {score: briar, ab: {}}                | rollout:1:9: rollout.score: briar (expected: brier, correct, label, or within ERROR for numbers). Did you mean 'brier'?
                    {roll_back_if: [disagrement > 5%]}    | Did you mean 'disagreement'?
                    conditions: [country 'DE']            | rollout:1:14: rollout.when: country 'DE': at character 9: 'DE' (expected: one of = != < <= > >=, in or not in).
                    {conditions: [a = 1], roll_back_if: [output_psi > 1]} | rollout.roll_back_if: output_psi > 1: beside conditions, which give versions different requests
                    [1, 2]                                | rollout: not a mapping
                    """)
    void saysWhatIsWrong_whereItStands(String rollout, String message) {
        assertThatThrownBy(() -> RolloutReader.parse(rollout))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesTextThatIsNoYaml() {
        assertThatThrownBy(() -> RolloutReader.parse("{canary: ["))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("rollout: not YAML:");
    }
}
