package dev.millwright.web.access;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.User;
import dev.millwright.registry.Users;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Checks names and passwords, and slows down who guesses: after {@value #FREE} wrong ones in a row for a name from an address, each
 * further one doubles the time until the next is looked at, up to a minute. Thread-safe.
 */
public final class PasswordDoor {
    private static final int FREE = 5;
    private static final int AT_ONCE = 2;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int REMEMBERED = 10_000;
    private static final int PATIENCE_SECONDS = 10;

    private final Users users;
    private final InstantSource clock;
    private final Semaphore hashing = new Semaphore(AT_ONCE, true);
    private final LinkedHashMap<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true);

    private record Failures(int count, Instant closedUntil) {}

    PasswordDoor(Users users, InstantSource clock) {
        this.users = users;
        this.clock = clock;
    }

    /** The same for the credentials of a Basic {@code Authorization} header. */
    Optional<User> checkBasic(String credentials, String address) {
        String text;
        try {
            text = new String(Base64.getDecoder().decode(credentials.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException garbled) {
            return Optional.empty();
        }
        int colon = text.indexOf(':');
        return colon < 1 ? Optional.empty() : check(text.substring(0, colon), text.substring(colon + 1), address);
    }

    /**
     * The user, if the password is right.
     *
     * @param address where the attempt comes from
     * @throws MillwrightException {@link AccessError#TOO_MANY_ATTEMPTS} while the door is closed for that name and address
     */
    public Optional<User> check(String name, String password, String address) {
        String key = address + " " + name;
        requireOpen(key);
        Optional<User> user = verify(name, password);
        if (user.isPresent()) {
            forget(key);
        } else {
            remember(key);
        }
        return user;
    }

    private Optional<User> verify(String name, String password) {
        try {
            if (!hashing.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new MillwrightException(
                        AccessError.TOO_MANY_ATTEMPTS, "login: too many at once (expected: fewer). Try again later.");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new MillwrightException(
                    AccessError.TOO_MANY_ATTEMPTS, "login: the server stops (expected: running). Try again.", stopping);
        }
        try {
            return users.verify(name, password);
        } finally {
            hashing.release();
        }
    }

    private synchronized void requireOpen(String key) {
        Failures known = failures.get(key);
        if (known != null && known.closedUntil().isAfter(clock.instant())) {
            long seconds = Math.max(
                    1, Duration.between(clock.instant(), known.closedUntil()).toSeconds());
            throw new MillwrightException(
                    AccessError.TOO_MANY_ATTEMPTS,
                    "login: too many wrong passwords (expected: the right one). Try again in " + seconds + " s.");
        }
    }

    private synchronized void forget(String key) {
        failures.remove(key);
    }

    private synchronized void remember(String key) {
        int count = failures.getOrDefault(key, new Failures(0, Instant.EPOCH)).count() + 1;
        Duration pause = count < FREE ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(count - FREE, 6));
        Instant until = clock.instant().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        failures.put(key, new Failures(count, until));
        if (failures.size() > REMEMBERED) {
            failures.pollFirstEntry();
        }
    }
}
