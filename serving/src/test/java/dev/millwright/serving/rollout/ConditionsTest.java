package dev.millwright.serving.rollout;

import static dev.millwright.serving.rollout.Rehearsal.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.serving.routing.RequestCondition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private final Rehearsal rollout = new Rehearsal();

    @Test
    void decideWhoAnswers_alsoAfterARestart() {
        rollout.start(
                plan(new Conditions(List.of(
                        new Conditions.Rule(RequestCondition.parse("header x-tier = gold"), Optional.of(4)),
                        new Conditions.Rule(RequestCondition.parse("city = 'Bonn'"), Optional.empty())))),
                4);
        assertByCondition();
        assertThat(rollout.decisions().getFirst().reason())
                .isEqualTo("by condition: version 4 when header x-tier = 'gold'; version 9 when city = 'Bonn'");
        rollout.restart();
        assertByCondition();
        rollout.pass(Duration.ofDays(365));
        assertByCondition();
        rollout.promote();
        assertThat(rollout.answers()).containsOnlyKeys(9);
    }

    private void assertByCondition() {
        assertThat(rollout.answers()).containsOnlyKeys(1);
        assertThat(rollout.ask(Map.of("x-tier", "gold"), "Bonn")).isEqualTo(4);
        assertThat(rollout.askFrom("Bonn")).isEqualTo(9);
    }

    @Test
    void rejectARuleThatComparesVersions_forTheirRequestsDiffer() {
        Conditions conditions =
                new Conditions(List.of(new Conditions.Rule(RequestCondition.parse("city = 'Bonn'"), Optional.empty())));
        assertThatThrownBy(() -> plan(conditions, "quality < champion"))
                .hasMessageContaining("beside conditions, which give versions different requests");
    }
}
