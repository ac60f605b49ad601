package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Bytes under their hash: {@code ROOT/sha256/ab/abcdef…}. Equal bytes are kept once. A file appears whole or not at all:
 * written aside, synced, renamed, and its directory synced, before {@code put} returns. Thread-safe.
 */
public final class Artifacts {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Path root;
    /** Read: bytes are being stored. Write: some are being deleted. */
    private final ReadWriteLock using = new ReentrantReadWriteLock();

    private Artifacts(Path root) {
        this.root = root;
    }

    /** The store of the home's owner; removes what an earlier owner left half-written. */
    static Artifacts owned(Path root) {
        Artifacts artifacts = new Artifacts(root);
        try {
            Files.createDirectories(root.resolve("sha256"));
            Files.createDirectories(root.resolve("incoming"));
            Files.createDirectories(root.resolve("uploads"));
            artifacts.sweep();
            HomeDirectory.sync(root);
        } catch (IOException failed) {
            throw HomeDirectory.failure(root, failed);
        }
        return artifacts;
    }

    static Artifacts readOnly(Path root) {
        return new Artifacts(root);
    }

    Path root() {
        return root;
    }

    public Artifact put(byte[] bytes) {
        return put(new ByteArrayInputStream(bytes));
    }

    /** Stores a copy of the file. */
    public Artifact put(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return put(stream);
        } catch (IOException failed) {
            throw HomeDirectory.failure(file, failed);
        }
    }

    /** Stores what the stream gives until its end; the caller closes it. */
    public Artifact put(InputStream stream) {
        Path aside = root.resolve("incoming").resolve(UUID.randomUUID().toString());
        try {
            Artifact artifact = writeAside(stream, aside);
            keep(aside, artifact);
            return artifact;
        } catch (IOException failed) {
            throw HomeDirectory.failure(root, failed);
        } finally {
            discard(aside);
        }
    }

    static Artifact writeAside(InputStream stream, Path aside) throws IOException {
        MessageDigest digest = Hashes.sha256();
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            long size = new DigestInputStream(stream, digest).transferTo(out);
            channel.force(true);
            return new Artifact(HexFormat.of().formatHex(digest.digest()), size);
        }
    }

    private void keep(Path aside, Artifact artifact) throws IOException {
        Path target = file(artifact);
        Path directory = root.resolve("sha256").resolve(artifact.sha256().substring(0, 2));
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            HomeDirectory.sync(root.resolve("sha256"));
        }
        using.readLock().lock();
        try {
            if (!Files.exists(target) || Files.size(target) != artifact.size()) {
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                // Young again, so that no sweep takes them before there is a row that refers to them.
                Files.setLastModifiedTime(target, FileTime.from(Instant.now()));
            }
        } finally {
            using.readLock().unlock();
        }
        HomeDirectory.sync(directory); // also when the file was there: who renamed it may not have synced it yet
    }

    static void discard(Path aside) {
        try {
            Files.deleteIfExists(aside);
        } catch (IOException failed) {
            throw HomeDirectory.failure(aside, failed);
        }
    }

    /** Where the bytes lie, for libraries that want a file; do not change it. Throws NOT_FOUND when there are none. */
    public Path path(Artifact artifact) {
        Path file = file(artifact);
        if (!Files.isRegularFile(file)) {
            throw missing(artifact);
        }
        return file;
    }

    /** The bytes as a stream that the caller closes; not checked against the hash. */
    public InputStream open(Artifact artifact) {
        try {
            return Files.newInputStream(file(artifact));
        } catch (NoSuchFileException none) {
            throw missing(artifact);
        } catch (IOException failed) {
            throw HomeDirectory.failure(file(artifact), failed);
        }
    }

    /** All the bytes, checked against the hash: STATE_CORRUPT when they differ. */
    public byte[] read(Artifact artifact) {
        try (InputStream stream = open(artifact)) {
            byte[] bytes = stream.readAllBytes();
            MessageDigest digest = Hashes.sha256();
            digest.update(bytes);
            requireHash(artifact, digest);
            return bytes;
        } catch (IOException failed) {
            throw HomeDirectory.failure(file(artifact), failed);
        }
    }

    /** Reads the bytes through and throws STATE_CORRUPT when they are not those that were stored. */
    public void verify(Artifact artifact) {
        MessageDigest digest = Hashes.sha256();
        try (InputStream stream = new DigestInputStream(open(artifact), digest)) {
            stream.transferTo(OutputStream.nullOutputStream());
        } catch (IOException failed) {
            throw HomeDirectory.failure(file(artifact), failed);
        }
        requireHash(artifact, digest);
    }

    private static void requireHash(Artifact artifact, MessageDigest digest) {
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(artifact.sha256())) {
            throw new MillwrightException(
                    RegistryError.STATE_CORRUPT,
                    "artifact: " + artifact.sha256() + " holds bytes with the hash " + found
                            + " (expected: unchanged bytes). Restore it from a backup, or run the pipeline again.");
        }
    }

    private Path file(Artifact artifact) {
        return root.resolve("sha256").resolve(artifact.sha256().substring(0, 2)).resolve(artifact.sha256());
    }

    private static MillwrightException missing(Artifact artifact) {
        return new MillwrightException(
                RegistryError.NOT_FOUND,
                "artifact: " + artifact.sha256() + " is missing (expected: a stored file). Restore it from a backup.");
    }

    /** What a sweep deleted; {@code bytes} is their size together. */
    record Swept(int files, long bytes) {}

    /**
     * Deletes the bytes that were stored before a time and that nobody needs. Bytes that are stored meanwhile stay.
     *
     * @param needless says so of a hash
     */
    Swept sweep(Instant before, Predicate<String> needless) {
        int files = 0;
        long bytes = 0;
        try (Stream<Path> all = Files.walk(root.resolve("sha256"))) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String name = String.valueOf(file.getFileName());
                if (HASH.matcher(name).matches() && needless.test(name)) {
                    long size = Files.size(file);
                    if (deleteIfOlder(file, before)) {
                        files++;
                        bytes += size;
                    }
                }
            }
            return new Swept(files, bytes);
        } catch (IOException | UncheckedIOException failed) {
            throw HomeDirectory.failure(root, new IOException(failed));
        }
    }

    /** Looks at the age and deletes while nobody stores: else the bytes could be stored again in between. */
    private boolean deleteIfOlder(Path file, Instant before) throws IOException {
        using.writeLock().lock();
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(before) && Files.deleteIfExists(file);
        } finally {
            using.writeLock().unlock();
        }
    }

    private void sweep() throws IOException {
        try (Stream<Path> incoming = Files.list(root.resolve("incoming"))) {
            for (Path half : incoming.toList()) {
                Files.deleteIfExists(half);
            }
        }
    }

    /** Forgets all bytes; what it returns deletes them. */
    Runnable empty() {
        Path gone = root.resolve("gone-" + UUID.randomUUID());
        try {
            // Moved away first, so that whoever stores something meanwhile finds an empty store, not half of one.
            Files.createDirectory(gone);
            for (String part : new String[] {"sha256", "uploads"}) {
                Files.move(root.resolve(part), gone.resolve(part), StandardCopyOption.ATOMIC_MOVE);
                Files.createDirectories(root.resolve(part));
            }
        } catch (IOException failed) {
            throw HomeDirectory.failure(root, failed);
        }
        return () -> delete(gone);
    }

    /** Removes a store for good. */
    static void delete(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException failed) {
            throw HomeDirectory.failure(root, new IOException(failed));
        }
    }
}
