package dev.millwright.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

    @Test
    void carriesTheMillisecondAndVersionOfRfc9562() {
        UUID id = new Ids(InstantSource.fixed(NOON)).uuid();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
    }

    @Test
    void sortsByTime() {
        Ids early = new Ids(InstantSource.fixed(NOON));
        Ids late = new Ids(InstantSource.fixed(NOON.plusMillis(1)));

        assertThat(early.compact()).isLessThan(late.compact()).hasSize(32);
    }
}
