package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to write to a home: an operating system lock on {@code HOME/lock}, held until closed or until the process
 * ends, however it ends. Thread-safe.
 */
public final class HomeLock implements AutoCloseable {
    /**
     * The homes that this process holds. The one static state of the room: POSIX gives up a process's lock when *any*
     * descriptor of the file is closed, so a second look at the file from here would silently free the home.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private static final String LOCK_FILE = "lock";
    /** Others hold the lock for microseconds when they look whether it is free. */
    private static final int ATTEMPTS = 5;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Path home;
    private final FileChannel channel;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private HomeLock(Path home, FileChannel channel) {
        this.home = home;
        this.channel = channel;
    }

    /** Takes the home, creating it (mode 0700) when there is none; empty when another owner has it. */
    public static Optional<HomeLock> tryAcquire(Path home) {
        Path real = HomeDirectory.create(home);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<FileChannel> locked = tryLock(real);
            if (locked.isPresent()) {
                HomeLock lock = new HomeLock(real, locked.get());
                lock.removeOwnerFile();
                return Optional.of(lock);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return Optional.empty();
    }

    /** The real path of the home. */
    public Path home() {
        return home;
    }

    /** Tells other processes how to reach this one; the file can be read by its user only. */
    public void publish(OwnerInfo owner) {
        Path file = home.resolve(OwnerInfo.FILE);
        Path aside = home.resolve(OwnerInfo.FILE + ".new");
        try {
            Files.deleteIfExists(aside);
            Files.createFile(aside, HomeDirectory.permissions(aside, "rw-------"));
            Files.writeString(aside, owner.json(), StandardCharsets.UTF_8);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw HomeDirectory.failure(file, failed);
        }
    }

    /** Marks the home as opened through this lock; one registry at a time. */
    void claim() {
        if (closed.get() || !claimed.compareAndSet(false, true)) {
            throw new MillwrightException(
                    RegistryError.HOME_IN_USE,
                    "home: " + home + " is " + (closed.get() ? "no longer locked" : "already open in this process")
                            + " (expected: a lock that no registry uses)");
        }
    }

    void unclaim() {
        claimed.set(false);
    }

    /** Whether any process, this one included, owns {@code home}. */
    public static boolean isHeld(Path home) {
        if (!Files.exists(home.resolve(LOCK_FILE))) {
            return false;
        }
        Path real = HomeDirectory.create(home);
        synchronized (HELD) {
            Optional<FileChannel> free = tryLock(real);
            free.ifPresent(channel -> release(real, channel));
            return free.isEmpty();
        }
    }

    private static Optional<FileChannel> tryLock(Path home) {
        synchronized (HELD) {
            if (!HELD.add(home)) {
                return Optional.empty();
            }
            return lockUnheld(home);
        }
    }

    private static Optional<FileChannel> lockUnheld(Path home) {
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(home.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            locked = lock != null;
            return locked ? Optional.of(channel) : Optional.empty();
        } catch (IOException failed) {
            throw HomeDirectory.failure(home.resolve(LOCK_FILE), failed);
        } finally {
            if (!locked) {
                if (channel != null) {
                    closeChannel(home, channel);
                }
                HELD.remove(home);
            }
        }
    }

    private static void release(Path home, FileChannel channel) {
        synchronized (HELD) {
            closeChannel(home, channel);
            HELD.remove(home);
        }
    }

    private static void closeChannel(Path home, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException failed) {
            throw HomeDirectory.failure(home.resolve(LOCK_FILE), failed);
        }
    }

    private void removeOwnerFile() {
        try {
            Files.deleteIfExists(home.resolve(OwnerInfo.FILE));
        } catch (IOException failed) {
            throw HomeDirectory.failure(home.resolve(OwnerInfo.FILE), failed);
        }
    }

    /** Removes {@code owner.json} and frees the home. The lock file stays: deleting it would race with a new owner. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                removeOwnerFile();
            } finally {
                release(home, channel);
            }
        }
    }
}
