package dev.millwright.core;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes ids that sort by time: UUID version 7 (RFC 9562, section 5.7). Thread-safe. */
public final class Ids {
    private final InstantSource clock;

    public Ids(InstantSource clock) {
        this.clock = clock;
    }

    /** 48 bits of Unix milliseconds, then 74 random bits. */
    public UUID uuid() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (clock.millis() << 16) | 0x7000 | (random.nextLong() & 0x0fff);
        long low = 0x8000_0000_0000_0000L | (random.nextLong() >>> 2);
        return new UUID(high, low);
    }

    /** A {@link #uuid} as 32 hexadecimal digits, the form of run ids. */
    public String compact() {
        return uuid().toString().replace("-", "");
    }
}
