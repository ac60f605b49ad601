package dev.millwright.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RunPassesTest {
    private Instant now = Instant.parse("2026-03-29T01:30:00Z");
    private final RunPasses passes = new RunPasses(() -> now);

    @Test
    void aPass_letsInAsAnEditor_inTheNameOfItsUser_forAWeek() {
        String pass = passes.issue("ana@example.org");
        assertThat(passes.check(pass)).hasValueSatisfying(caller -> {
            assertThat(caller.name()).isEqualTo("ana@example.org");
            assertThat(caller.may(Permission.EDIT)).isTrue();
            assertThat(caller.may(Permission.CONTROL)).isFalse();
        });
        now = now.plus(Duration.ofDays(7));
        assertThat(passes.check(pass)).isEmpty();
    }

    @Test
    void aPassThatWasChanged_orIsAnotherProcesss_letsNobodyIn() {
        String pass = passes.issue("ana");
        String payload = pass.substring(0, pass.lastIndexOf('.'));
        assertThat(passes.check(pass.replace("mwr_1", "mwr_2"))).isEmpty();
        assertThat(passes.check(payload + "." + "A".repeat(43))).isEmpty();
        assertThat(passes.check("mwr_")).isEmpty();
        assertThat(new RunPasses(() -> now).check(pass)).isEmpty();
    }
}
