package dev.millwright.pipelines.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.serving.routing.Assignment;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.RoutingRule;
import dev.millwright.serving.routing.StickyKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobRoutingTest {
    private static RoutingRule rule(String condition) {
        return new RoutingRule(RequestCondition.parse(condition), 1);
    }

    private static Map<String, String> kept(Assignment assignment) {
        Map<String, String> sent = Map.of(
                "x-tier", "gold",
                "x-user", "ana",
                "x-other", "never",
                "authorization", "Bearer secret",
                "proxy-authorization", "Basic secret",
                "cookie", "session=secret");
        return JobRouting.of(Optional.of("1"), sent::get, assignment).headers();
    }

    @Test
    void keepsTheHeadersThatRoutingLooksAt_andNoOthers() {
        Assignment assignment = new Assignment(
                List.of(rule("amount > 3 and header X-Tier = gold"), rule("header x-absent != 1")),
                new StickyKey.Header("X-User"),
                0,
                1);
        assertThat(kept(assignment)).isEqualTo(Map.of("x-tier", "gold", "x-user", "ana"));
        assertThat(kept(Assignment.DEFAULT)).isEmpty();
    }

    @Test
    void neverKeepsWhatLetsSomebodyIn() {
        Assignment assignment = new Assignment(
                List.of(rule("header authorization != x"), rule("header Cookie != x")),
                new StickyKey.Header("Proxy-Authorization"),
                0,
                1);
        assertThat(kept(assignment)).isEmpty();
    }
}
