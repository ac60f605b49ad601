package dev.millwright.serving.rollout;

import static dev.millwright.serving.rollout.Rehearsal.MINUTE;
import static dev.millwright.serving.rollout.Rehearsal.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AbTestTest {
    private final Rehearsal rollout = new Rehearsal();

    @Test
    void keepsClientsWhereTheyAre_acrossARestart() {
        rollout.start(plan(new AbTest(0.3, new StickyKey.Header("x-user"), Optional.empty())));
        Map<Integer, Integer> before = new TreeMap<>();
        IntStream.range(0, 500).forEach(user -> before.put(user, askUser(user)));
        assertThat(before.values().stream().filter(version -> version == 9)).hasSizeBetween(110, 190);

        rollout.restart();

        before.forEach((user, version) -> assertThat(askUser(user)).isEqualTo(version));
    }

    private int askUser(int user) {
        return rollout.ask(Map.of("x-user", "user-" + user), "x");
    }

    @Test
    void keepsRowsWithOneColumnTogether() {
        rollout.start(plan(new AbTest(0.5, new StickyKey.Column("city"), Optional.empty())));
        for (int city = 0; city < 50; city++) {
            int first = rollout.askFrom("city-" + city);
            for (int again = 0; again < 5; again++) {
                assertThat(rollout.askFrom("city-" + city)).isEqualTo(first);
            }
        }
        assertThat(IntStream.range(0, 50)
                        .map(city -> rollout.askFrom("city-" + city))
                        .distinct()
                        .boxed())
                .containsExactlyInAnyOrder(1, 9);
    }

    @Test
    void endsWithTheBetterVersion_onceLabelsSaySo_alsoAfterARestart() {
        rollout.start(plan(new AbTest(0.5, StickyKey.CLIENT_ID, Optional.of(Duration.ofDays(14)))));
        rollout.label(1, 150, 50);
        rollout.label(9, 19, 1);
        rollout.pass(MINUTE);
        assertThat(rollout.find()).isPresent();

        rollout.restart();
        rollout.label(9, 171, 9);
        rollout.pass(MINUTE);

        assertThat(rollout.last()).isInstanceOf(RolloutDecision.Finish.class);
        assertThat(rollout.last().reason()).startsWith("better than version 1: brier differs by 0.2000 [0.0");
        QualityFigures quality = rollout.last().figures().quality().orElseThrow();
        assertThat(quality.versions())
                .extracting(QualityFigures.VersionQuality::version, QualityFigures.VersionQuality::labels)
                .containsExactly(tuple(1, 200L), tuple(9, 200L));
        assertThat(rollout.answers()).containsOnlyKeys(9);
    }

    @Test
    void leavesTheChampion_whenTheCandidateIsWorse_orTimeIsUp() {
        RolloutPlan plan = plan(new AbTest(0.5, StickyKey.CLIENT_ID, Optional.of(Duration.ofDays(14))));
        rollout.start(plan);
        rollout.pass(Duration.ofDays(14));
        assertThat(rollout.last().reason()).isEqualTo("no difference found in 14d: without labels of both");

        rollout.start(plan);
        rollout.label(1, 290, 10);
        rollout.label(9, 200, 100);
        rollout.pass(MINUTE);
        assertThat(rollout.last().reason()).startsWith("worse than version 1: brier differs by -0.3000 [-0.");
        assertThat(rollout.answers()).containsOnlyKeys(1);
    }

    @Test
    void rejectsASplitThatAsksOneVersionOnly() {
        assertThatThrownBy(() -> new AbTest(1, StickyKey.CLIENT_ID, Optional.empty()))
                .hasMessage("split: 1.0 (expected: above 0% and below 100%)");
    }
}
