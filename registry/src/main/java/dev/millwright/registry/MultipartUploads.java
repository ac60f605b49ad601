package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files that come in parts, in any order, at once or days apart: {@code ROOT/uploads/ID/}, with a file {@code target} that
 * says what they are for, and the parts as {@code NUMBER-SHA256}. A part is there whole or not at all, and stays when the
 * process ends; the file appears whole when the upload is completed. Memory use doesn't grow with sizes. Thread-safe.
 */
public final class MultipartUploads {
    /** As many as object stores allow. */
    public static final int MOST_PARTS = 10_000;

    private static final int ID_BYTES = 16;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final String TARGET = "target";

    private final Path root;
    private final Path incoming;
    private final ArtifactFiles files;
    private final SecureRandom random = new SecureRandom();

    MultipartUploads(Path artifacts, ArtifactFiles files) {
        this.root = artifacts.resolve("uploads");
        this.incoming = artifacts.resolve("incoming");
        this.files = files;
    }

    /** A part as its sender remembers it; the tag is what {@link #put} gave. */
    public record Part(int number, String tag) {}

    /** What parts are for. */
    private record Target(String path, int parts) {}

    /**
     * Begins an upload.
     *
     * @param path of the file in the artifact root
     * @param parts how many there will be, from 0 on
     * @return its id, which nobody can guess
     */
    public String begin(String path, int parts) {
        ArtifactFiles.requireSafe(path);
        if (parts < 0 || parts > MOST_PARTS) {
            throw new InvalidInputException(
                    "num_parts: " + parts + " (expected: 0 to " + MOST_PARTS + "). Send larger parts.");
        }
        byte[] secret = new byte[ID_BYTES];
        random.nextBytes(secret);
        String id = HexFormat.of().formatHex(secret);
        try {
            Path folder = root.resolve(id);
            Files.createDirectories(folder);
            Path aside = incoming.resolve(UUID.randomUUID().toString());
            Files.writeString(aside, parts + "\n" + path, StandardOpenOption.CREATE_NEW);
            publish(aside, folder.resolve(TARGET));
            HomeDirectory.sync(root);
            return id;
        } catch (IOException failed) {
            throw HomeDirectory.failure(root, failed);
        }
    }

    /** Keeps a part, in place of an earlier one with its number; durable when it returns its tag. */
    public String put(String id, int number, InputStream bytes) {
        Target target = load(id);
        if (number < 1 || number > target.parts()) {
            throw new InvalidInputException(
                    "part: " + number + " (expected: 1 to " + target.parts() + ", as the upload was begun)");
        }
        Path aside = incoming.resolve(UUID.randomUUID().toString());
        try {
            Artifact part = Artifacts.writeAside(bytes, aside);
            Path file = part(id, number, part.sha256());
            publish(aside, file);
            for (Path earlier : list(root.resolve(id))) {
                if (!earlier.equals(file) && number(earlier).equals(Optional.of(number))) {
                    Files.deleteIfExists(earlier);
                }
            }
            return part.sha256();
        } catch (NoSuchFileException aborted) {
            throw missing(id, aborted);
        } catch (IOException failed) {
            throw HomeDirectory.failure(root, failed);
        } finally {
            Artifacts.discard(aside);
        }
    }

    private static void publish(Path aside, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        HomeDirectory.sync(HomeDirectory.parent(file));
    }

    /**
     * Makes the file of its parts, in place of what was there; the upload is over then. When it fails, the parts stay, and it
     * can be tried again.
     *
     * @param path the one for which the upload was begun
     * @param parts all of them, in order
     */
    public void complete(String id, String path, List<Part> parts) {
        Target target = load(id, path);
        List<Path> sources = sources(id, target, parts);
        try (InputStream whole = new SequenceInputStream(Collections.enumeration(streams(sources)))) {
            files.put(path, whole);
        } catch (UncheckedIOException gone) {
            throw missing(id, gone);
        } catch (IOException failed) {
            throw HomeDirectory.failure(root, failed);
        }
        delete(id);
    }

    private List<Path> sources(String id, Target target, List<Part> parts) {
        if (parts.size() != target.parts()) {
            throw new InvalidInputException("parts: " + parts.size() + " (expected: " + target.parts()
                    + ", as the upload was begun). Send those that are missing.");
        }
        Map<Integer, Path> kept = new HashMap<>();
        list(root.resolve(id)).forEach(file -> number(file).ifPresent(number -> kept.put(number, file)));
        List<Path> sources = new ArrayList<>();
        for (int number = 1; number <= parts.size(); number++) {
            Part part = parts.get(number - 1);
            if (part.number() != number) {
                throw new InvalidInputException(
                        "parts: number " + part.number() + " (expected: " + number + ", for they are listed in order)");
            }
            Path file = kept.get(number);
            if (file == null) {
                throw new InvalidInputException("part " + number + ": never sent (expected: all parts). Send it.");
            }
            if (!file.getFileName().toString().endsWith("-" + part.tag())) {
                throw new InvalidInputException("part " + number + ": ETag " + part.tag()
                        + " (expected: the one that was answered to it last). Send the part again.");
            }
            sources.add(file);
        }
        return sources;
    }

    /** Opens each file when the one before is read. */
    private static List<InputStream> streams(List<Path> files) {
        return new AbstractList<>() {
            @Override
            public InputStream get(int index) {
                try {
                    return Files.newInputStream(files.get(index));
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            }

            @Override
            public int size() {
                return files.size();
            }
        };
    }

    /** Ends an upload without a file. */
    public void abort(String id, String path) {
        load(id, path);
        delete(id);
    }

    /**
     * Forgets uploads to which nothing was sent since.
     *
     * @return how many
     */
    int sweep(Instant since) {
        int swept = 0;
        for (Path folder : list(root)) {
            try {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(since)) {
                    delete(folder.getFileName().toString());
                    swept++;
                }
            } catch (NoSuchFileException over) {
                // Completed just now: nothing is left to sweep.
            } catch (IOException failed) {
                throw HomeDirectory.failure(folder, failed);
            }
        }
        return swept;
    }

    private void delete(String id) {
        Path folder = root.resolve(id);
        try {
            // Without its target it is no upload any more, whatever happens next.
            Files.deleteIfExists(folder.resolve(TARGET));
            for (Path part : list(folder)) {
                Files.deleteIfExists(part);
            }
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException late) {
            return; // a part came meanwhile, for which nobody will ask: the next sweep has it
        } catch (IOException failed) {
            throw HomeDirectory.failure(folder, failed);
        }
    }

    private Path part(String id, int number, String tag) {
        return root.resolve(id).resolve(number + "-" + tag);
    }

    /** Which part a file is, if it is one. */
    private static Optional<Integer> number(Path file) {
        String name = String.valueOf(file.getFileName());
        int dash = name.indexOf('-');
        return dash < 0 ? Optional.empty() : Optional.of(Integer.valueOf(name.substring(0, dash)));
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (NoSuchFileException over) {
            return List.of();
        } catch (IOException | UncheckedIOException failed) {
            throw HomeDirectory.failure(folder, new IOException(failed));
        }
    }

    private Target load(String id, String path) {
        Target target = load(id);
        if (!target.path().equals(path)) {
            throw new InvalidInputException("upload: " + id + " is of another file (expected: one of " + path
                    + "). Use the path it was begun with.");
        }
        return target;
    }

    private Target load(String id) {
        if (!ID.matcher(id).matches()) {
            throw missing(id, null);
        }
        try {
            String text = Files.readString(root.resolve(id).resolve(TARGET), StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            return new Target(text.substring(end + 1), Integer.parseInt(text.substring(0, end)));
        } catch (NoSuchFileException none) {
            throw missing(id, none);
        } catch (IOException failed) {
            throw HomeDirectory.failure(root, failed);
        }
    }

    private static MillwrightException missing(String id, @Nullable Exception cause) {
        return new MillwrightException(
                RegistryError.NOT_FOUND,
                "upload: " + id
                        + " (expected: one that is under way). It was completed, aborted, or given up after a day:"
                        + " begin another.",
                cause);
    }
}
