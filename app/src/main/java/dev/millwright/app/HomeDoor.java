package dev.millwright.app;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds out how to work with a home: as its owner, or through the process that owns it. */
final class HomeDoor {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private HomeDoor() {}

    /** How the home was found. */
    sealed interface Entry {}

    /** The home was free; it is this process's now, until the lock is closed. */
    record Free(HomeLock lock) implements Entry {}

    /** Another process holds the home and answers. */
    record Held(OwnerInfo owner) implements Entry {}

    /**
     * Enters a home. An owner that is just starting or stopping is waited for.
     *
     * @throws MillwrightException when the owner neither answers nor goes away
     */
    static Entry enter(Path home) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<HomeLock> lock = HomeLock.tryAcquire(home);
            if (lock.isPresent()) {
                return new Free(lock.get());
            }
            Optional<OwnerInfo> owner = OwnerInfo.find(home);
            if (owner.isPresent()) {
                return new Held(owner.get());
            }
            if (System.nanoTime() > deadline) {
                throw new MillwrightException(
                        CoreError.INTERRUPTED,
                        "home: " + home
                                + " is held by another process that does not answer (expected: a free home, or an"
                                + " owner that has started). Wait until it is done, or stop it.");
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }
}
