package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.Models;
import dev.millwright.serving.Patience;
import dev.millwright.serving.PredictionEvent.Role;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.StepRuntime;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.rollout.OutcomeSource.Outcomes;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each strategy from its start to its end, with a restart in the middle: a new router and controller that know only the state. */
class StrategiesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<RolloutDecision> decisions = new ArrayList<>();
    private final List<Outcomes> labels = new ArrayList<>();
    private Router router = router();
    private RolloutController controller = controller();

    private Router router() {
        return new Router(RouterOptions.forCores(1, 3), PredictionSink.NONE, () -> now, () -> 0, Runnable::run);
    }

    private RolloutController controller() {
        return new RolloutController(router, decisions::add, this::labels, () -> now);
    }

    /** One page after the other, a page being what one call of {@link #label} gave. */
    private OutcomeSource.Page labels(String endpoint, Instant since, String after) {
        int next = after.isEmpty() ? 0 : Integer.parseInt(after);
        return next == labels.size()
                ? new OutcomeSource.Page(List.of(), after, 0)
                : new OutcomeSource.Page(List.of(labels.get(next)), Integer.toString(next + 1), 1);
    }

    /** Labels of a version's predictions, so many of which were right. */
    private void label(int version, int right, int wrong) {
        int rows = right + wrong;
        int[] said = new int[rows];
        int[] came = IntStream.range(0, rows).map(row -> row < right ? 0 : 1).toArray();
        float[] sure = new float[rows * 2];
        for (int row = 0; row < rows; row++) {
            sure[2 * row] = 1;
        }
        List<String> classes = List.of("no", "yes");
        labels.add(new Outcomes(
                version,
                Role.SERVED,
                IntStream.range(0, rows)
                        .mapToObj(row -> labels.size() + "-" + row)
                        .toList(),
                new Predictions.Classes(classes, sure, said),
                new Labels.Classes(classes, came)));
    }

    private static WeightedVersion version(int number) {
        return new WeightedVersion("m", number, 1, StepRuntime.free(number / 10f));
    }

    @BeforeEach
    void serveVersionOne() {
        router.install("churn", Route.of("churn", version(1)));
    }

    private void start(RolloutPlan plan, Integer... others) {
        controller.start(
                "churn",
                plan,
                version(9),
                List.of(others).stream().map(StrategiesTest::version).toList());
    }

    private static RolloutPlan plan(Strategy strategy, String... rules) {
        return RolloutPlan.of(
                strategy, List.of(rules).stream().map(RollBackRule::parse).toList());
    }

    private void restart() {
        RolloutState state = controller.find("churn").orElseThrow();
        router = router();
        controller = controller();
        controller.restore(
                state, state.versions().stream().map(StrategiesTest::version).toList());
        assertThat(controller.find("churn")).contains(state);
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
        controller.tick(now);
    }

    private int ask(Optional<String> version, Optional<String> client, Map<String, String> headers, String city) {
        CallTarget target = new CallTarget("churn", version, client, Deadline.NONE, Patience.WAITS, headers::get);
        return router.infer(new InferenceCall(target, Models.row(1, 2, city))).modelVersion();
    }

    private int ask(String client) {
        return ask(Optional.empty(), Optional.of(client), Map.of(), "x");
    }

    /** How many of a thousand clients each version answers. */
    private Map<Integer, Integer> answers() {
        Map<Integer, Integer> answers = new TreeMap<>();
        IntStream.range(0, 1000).forEach(client -> answers.merge(ask("client-" + client), 1, Integer::sum));
        return answers;
    }

    private RolloutDecision last() {
        return decisions.getLast();
    }

    @Test
    void blueGreenSwapsAtOnce_andKeepsTheOldOneReady() {
        start(plan(new BlueGreen(Duration.ofMinutes(5), Duration.ofHours(1))));
        assertThat(answers()).containsOnlyKeys(1);
        assertThat(ask(Optional.of("9"), Optional.empty(), Map.of(), "x")).isEqualTo(9);

        restart();
        controller.keepReady();
        pass(Duration.ofMinutes(5));
        assertThat(answers()).containsOnlyKeys(9);
        assertThat(ask(Optional.of("1"), Optional.empty(), Map.of(), "x")).isEqualTo(1);

        restart();
        pass(Duration.ofMinutes(59));
        assertThat(controller.active()).hasSize(1);
        pass(MINUTE);
        assertThat(last()).isInstanceOf(RolloutDecision.Finish.class);
        assertThat(answers()).containsOnlyKeys(9);
    }

    @Test
    void blueGreenReturnsAtOnce_whenARuleIsBroken() {
        start(plan(new BlueGreen(Duration.ZERO, Duration.ofHours(1)), "error_rate > 1%"));
        assertThat(answers()).containsOnlyKeys(9);
        IntStream.range(0, 200)
                .forEach(_ -> assertThatThrownBy(() -> ask(Optional.empty(), Optional.empty(), Map.of(), "bad"))
                        .isNotNull());

        pass(MINUTE);

        assertThat(answers()).containsOnlyKeys(1);
        assertThat(last().reason()).isEqualTo("error_rate > 1%: 200 of 1200 requests failed");
    }

    @Test
    void shadowComparesAnswers_andNeverReturnsThem() {
        start(plan(new Shadow(MINUTE, 500, 1, new Shadow.Then.Continue(new Canary(List.of(0.5, 1.0), MINUTE)))));
        restart();
        assertThat(answers()).containsOnlyKeys(1);
        assertThatThrownBy(() -> ask(Optional.of("9"), Optional.empty(), Map.of(), "x"))
                .hasMessage("version: 9 (expected: one that serves on churn: 1)");

        pass(MINUTE);

        assertThat(last().reason())
                .isEqualTo("1000 mirrored requests in 1m: 1000 of 1000 rows disagree, their numbers differ by 0.8000"
                        + " on average and 0.8000 at most");
        assertThat(last().figures().disagreement().orElseThrow().rows()).isEqualTo(1000);
        assertThat(answers().get(9)).isBetween(400, 600);
        restart();
        assertThat(answers().get(9)).isBetween(400, 600);
        assertThat(controller.find("churn").orElseThrow().stage()).isEqualTo(1);
    }

    @Test
    void shadowStops_whenThePlanSaysSo_orARuleIsBroken() {
        start(plan(new Shadow(MINUTE, 10, 1, new Shadow.Then.Stop())));
        answers();
        pass(MINUTE);
        assertThat(last()).isInstanceOf(RolloutDecision.RollBack.class);

        start(plan(new Shadow(Duration.ofDays(1), 10, 1, new Shadow.Then.Promote()), "disagreement > 5%"));
        answers();
        pass(MINUTE);
        assertThat(last().reason())
                .isEqualTo("disagreement > 5%: another answer for 1000 of 1000 rows that both answered");
        assertThat(answers()).containsOnlyKeys(1);
    }

    @Test
    void mirrorsSomeRequestsOfACanary_whenARuleComparesAnswers() {
        start(plan(new Canary(List.of(0.5, 1.0), Duration.ofDays(1)), "mean_difference > 0.5"));
        answers();
        answers();
        answers();
        answers();
        pass(MINUTE);
        assertThat(last().reason()).startsWith("mean_difference > 0.5: 0.8000 on average over ");
        assertThat(last().figures().disagreement().orElseThrow().rows()).isBetween(150L, 250L);
    }

    @Test
    void abKeepsClientsWhereTheyAre_acrossARestart() {
        start(plan(new AbTest(0.3, new StickyKey.Header("x-user"), Optional.empty())));
        Map<Integer, Integer> before = new TreeMap<>();
        IntStream.range(0, 500).forEach(user -> before.put(user, askUser(user)));
        assertThat(before.values().stream().filter(version -> version == 9)).hasSizeBetween(110, 190);

        restart();

        before.forEach((user, version) -> assertThat(askUser(user)).isEqualTo(version));
    }

    private int askUser(int user) {
        return ask(Optional.empty(), Optional.empty(), Map.of("x-user", "user-" + user), "x");
    }

    @Test
    void abKeepsRowsWithOneColumnTogether() {
        start(plan(new AbTest(0.5, new StickyKey.Column("city"), Optional.empty())));
        for (int city = 0; city < 50; city++) {
            int first = ask(Optional.empty(), Optional.empty(), Map.of(), "city-" + city);
            for (int again = 0; again < 5; again++) {
                assertThat(ask(Optional.empty(), Optional.empty(), Map.of(), "city-" + city))
                        .isEqualTo(first);
            }
        }
        assertThat(IntStream.range(0, 50)
                        .map(city -> ask(Optional.empty(), Optional.empty(), Map.of(), "city-" + city))
                        .distinct()
                        .boxed())
                .containsExactlyInAnyOrder(1, 9);
    }

    @Test
    void abEndsWithTheBetterVersion_onceLabelsSaySo_alsoAfterARestart() {
        start(plan(new AbTest(0.5, StickyKey.CLIENT_ID, Optional.of(Duration.ofDays(14)))));
        label(1, 150, 50);
        label(9, 19, 1);
        pass(MINUTE);
        assertThat(controller.active()).hasSize(1);

        restart();
        label(9, 171, 9);
        pass(MINUTE);

        assertThat(last()).isInstanceOf(RolloutDecision.Finish.class);
        assertThat(last().reason()).startsWith("better than version 1: brier differs by 0.2000 [0.0");
        QualityFigures quality = last().figures().quality().orElseThrow();
        assertThat(quality.versions())
                .extracting(QualityFigures.VersionQuality::version, QualityFigures.VersionQuality::labels)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, 200L), org.assertj.core.groups.Tuple.tuple(9, 200L));
        assertThat(answers()).containsOnlyKeys(9);
    }

    @Test
    void abLeavesTheChampion_whenTheCandidateIsWorse_orTimeIsUp() {
        RolloutPlan plan = plan(new AbTest(0.5, StickyKey.CLIENT_ID, Optional.of(Duration.ofDays(14))));
        start(plan);
        pass(Duration.ofDays(14));
        assertThat(last().reason()).isEqualTo("no difference found in 14d: without labels of both");

        start(plan);
        label(1, 290, 10);
        label(9, 200, 100);
        pass(MINUTE);
        assertThat(last().reason()).startsWith("worse than version 1: brier differs by -0.3000 [-0.");
        assertThat(answers()).containsOnlyKeys(1);
    }

    @Test
    void turnsBackOnQuality_whateverTheStrategy() {
        start(plan(new Canary(List.of(0.5, 1.0), Duration.ofDays(1)), "quality < champion - 5%"));
        label(1, 290, 10);
        label(9, 200, 100);
        pass(MINUTE);
        assertThat(last().reason()).startsWith("quality < champion - 5%: brier differs by -0.3000 [-0.");
    }

    @Test
    void banditGivesTrafficToRewards_andComputesThemAgainAfterARestart() {
        start(
                new RolloutPlan(
                        new Bandit(0.05, MINUTE, Optional.empty(), List.of(4)),
                        List.of(),
                        new QualityScore.Correct(),
                        0.05,
                        100),
                4);
        assertThat(answers().values())
                .allSatisfy(answered -> assertThat(answered).isBetween(270, 400));
        label(1, 50, 50);
        label(4, 60, 40);
        label(9, 90, 10);
        pass(MINUTE);
        assertThat(last().reason()).isEqualTo("shares by reward: version 9 90 %, version 4 5 %, version 1 5 %");
        assertThat(answers().get(9)).isBetween(870, 930);

        restart();
        assertThat(answers().get(9)).isBetween(870, 930);
        int told = decisions.size();
        pass(MINUTE);
        assertThat(decisions).hasSize(told);
        label(9, 0, 200);
        restart();
        pass(MINUTE);
        assertThat(answers().get(9)).isBetween(20, 80);
    }

    @Test
    void banditEnds_whenOneVersionIsSurelyTheBest() {
        start(new RolloutPlan(
                new Bandit(0, MINUTE, Optional.of(0.99), List.of()), List.of(), new QualityScore.Correct(), 0.05, 100));
        label(1, 100, 100);
        label(9, 90, 9);
        pass(MINUTE);
        assertThat(controller.active()).hasSize(1);
        label(9, 1, 0);
        restart();
        pass(MINUTE);
        assertThat(last()).isInstanceOf(RolloutDecision.Finish.class);
        assertThat(last().reason()).startsWith("the best with probability 1.0000 after 100 rewards");
    }

    @Test
    void conditionsDecideWhoAnswers_alsoAfterARestart() {
        start(
                plan(new Conditions(List.of(
                        new Conditions.Rule(RequestCondition.parse("header x-tier = gold"), Optional.of(4)),
                        new Conditions.Rule(RequestCondition.parse("city = 'Bonn'"), Optional.empty())))),
                4);
        assertByCondition();
        assertThat(decisions.getFirst().reason())
                .isEqualTo("by condition: version 4 when header x-tier = 'gold'; version 9 when city = 'Bonn'");
        restart();
        assertByCondition();
        pass(Duration.ofDays(365));
        assertByCondition();
        controller.promote("churn", "by ana");
        assertThat(answers()).containsOnlyKeys(9);
    }

    private void assertByCondition() {
        assertThat(answers()).containsOnlyKeys(1);
        assertThat(ask(Optional.empty(), Optional.empty(), Map.of("x-tier", "gold"), "Bonn"))
                .isEqualTo(4);
        assertThat(ask(Optional.empty(), Optional.empty(), Map.of(), "Bonn")).isEqualTo(9);
    }

    @Test
    void pauseStopsTime_butNotTheRules() {
        start(plan(new Canary(List.of(0.5, 1.0), MINUTE), "error_rate > 1%"));
        pass(Duration.ofSeconds(30));
        controller.pause("churn", "lunch");
        restart();
        answers();
        pass(Duration.ofHours(5));
        assertThat(last()).isInstanceOf(RolloutDecision.Pause.class);
        controller.resume("churn", "coffee");
        pass(Duration.ofSeconds(29));
        assertThat(last()).isInstanceOf(RolloutDecision.Resume.class);
        pass(Duration.ofSeconds(1));
        assertThat(last()).isInstanceOf(RolloutDecision.Advance.class);

        controller.pause("churn", "again");
        IntStream.range(0, 100)
                .forEach(_ -> assertThatThrownBy(() -> ask(Optional.of("9"), Optional.empty(), Map.of(), "bad"))
                        .isNotNull());
        pass(Duration.ofSeconds(10));
        assertThat(last()).isInstanceOf(RolloutDecision.RollBack.class);
    }

    @Test
    void keepsModelsReady_untilTheRolloutIsOver() {
        StepRuntime champion = StepRuntime.free(0.1f);
        StepRuntime candidate = StepRuntime.free(0.9f);
        router.install("kept", Route.of("kept", "m", 1, champion));
        controller.start(
                "kept",
                plan(new BlueGreen(Duration.ZERO, Duration.ofHours(1))),
                new WeightedVersion("m", 2, 1, candidate),
                List.of());
        controller.keepReady();
        controller.keepReady();
        controller.stop("kept", "by hand");
        assertThat(candidate.closed.getCount()).isZero();
        assertThat(champion.closed.getCount()).isEqualTo(1);
    }

    @Test
    void rejectsPlansThatMakeNoSense() {
        Conditions conditions =
                new Conditions(List.of(new Conditions.Rule(RequestCondition.parse("city = 'Bonn'"), Optional.empty())));
        assertThatThrownBy(() -> plan(conditions, "quality < champion"))
                .hasMessageContaining("beside conditions, which give versions different requests");
        assertThatThrownBy(() -> new Bandit(0.5, MINUTE, Optional.empty(), List.of()))
                .hasMessage("floor: 50 % for each of 2 versions (expected: less than 50 %)");
        assertThatThrownBy(() -> new AbTest(1, StickyKey.CLIENT_ID, Optional.empty()))
                .hasMessage("split: 1.0 (expected: above 0% and below 100%)");
        assertThat(RolloutCheck.problems(
                        plan(conditions, "disagreement > 5%"),
                        Models.REGRESSION.inputs().subList(0, 2),
                        List.of(Models.REGRESSION.task())))
                .containsExactly(
                        "when: no input column 'city' (expected: one that the model takes). Known: age, amount.",
                        "roll_back_if: disagreement is about labels, and this model predicts numbers (expected: such as"
                                + " mean_difference > 5).");
        assertThatThrownBy(() -> RolloutCheck.require(plan(conditions), Optional.empty()))
                .hasMessageStartingWith("rollout.when: no input column 'city'");
    }
}
