package dev.millwright.data;

import dev.millwright.core.CoreError;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The files that a source names.
 *
 * @param files absolute, in the order of their names
 * @param format the same for all
 */
record SourceFiles(List<Path> files, Format format) {

    /** @throws InvalidInputException when there is no such file, it can't be read, or its format is unknown */
    static SourceFiles of(SourceSpec spec) {
        Path plain = Path.of(spec.from());
        if (!plain.isAbsolute()) {
            throw new InvalidInputException(
                    spec.dataset() + ": from: " + spec.from() + " (expected: an absolute path)");
        }
        List<Path> files = Files.isRegularFile(plain) ? List.of(plain) : glob(spec);
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new InvalidInputException(
                        spec.dataset() + ": from: " + file + " (expected: a file that this user may read)");
            }
        }
        return new SourceFiles(files, format(spec, files));
    }

    private static Format format(SourceSpec spec, List<Path> files) {
        if (spec.format().isPresent()) {
            return spec.format().get();
        }
        Set<Format> formats = files.stream()
                .map(file -> Format.ofFile(file)
                        .orElseThrow(() -> new InvalidInputException(spec.dataset() + ": from: " + file
                                + " (expected: a name that ends in .csv, .tsv, .jsonl or .parquet; else say format:)")))
                .collect(Collectors.toSet());
        if (formats.size() > 1) {
            throw new InvalidInputException(spec.dataset() + ": from: " + spec.from() + " finds files of the formats "
                    + formats.stream().map(Format::label).sorted().toList() + " (expected: one)");
        }
        return formats.iterator().next();
    }

    private static List<Path> glob(SourceSpec spec) {
        String from = spec.from();
        int wild = firstWildcard(from);
        if (wild < 0) {
            throw missing(spec);
        }
        Path root = Path.of(from.substring(0, from.lastIndexOf('/', wild) + 1));
        if (!Files.isDirectory(root)) {
            throw new InvalidInputException(
                    spec.dataset() + ": from: " + from + " (expected: a folder " + root + " to look in)");
        }
        List<Path> found = walk(root, FileSystems.getDefault().getPathMatcher("glob:" + from));
        if (found.isEmpty()) {
            throw new InvalidInputException(
                    spec.dataset() + ": from: " + from + " (expected: at least one file that matches)");
        }
        return found.stream().sorted().toList();
    }

    private static int firstWildcard(String from) {
        for (int i = 0; i < from.length(); i++) {
            if ("*?[{".indexOf(from.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<Path> walk(Path root, PathMatcher matcher) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (matcher.matches(file) && Files.isRegularFile(file)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // a folder that may not be read holds nothing that may be read
                }
            });
        } catch (IOException e) {
            throw new MillwrightException(CoreError.IO_FAILED, root + ": can't be listed: " + e.getMessage(), e);
        }
        return found;
    }

    private static InvalidInputException missing(SourceSpec spec) {
        Path path = Path.of(spec.from());
        Path folder = path.getParent();
        if (Files.isDirectory(path)) {
            return new InvalidInputException(spec.dataset() + ": from: " + path
                    + " is a folder (expected: a file, or a glob such as " + path.resolve("*.csv") + ")");
        }
        List<String> siblings = folder == null || !Files.isDirectory(folder) ? List.of() : names(folder);
        String near = dev.millwright.core.Words.nearest(String.valueOf(path.getFileName()), siblings)
                .map(name -> " Did you mean '" + name + "'?")
                .orElse("");
        return new InvalidInputException(
                spec.dataset() + ": from: " + path + " (expected: a file that exists)." + near);
    }

    private static List<String> names(Path folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (IOException e) {
            return List.of(); // only for a suggestion
        }
        return names;
    }

    long bytes() {
        long total = 0;
        for (Path file : files) {
            try {
                total += Files.size(file);
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return total;
    }

    /** SHA-256 over the bytes of all files, in order, and over everything in the spec that decides how they are read. */
    static String fingerprint(SourceSpec spec, List<Expected.Unread> expectations) {
        SourceFiles source = of(spec);
        MessageDigest digest = sha256();
        for (Path file : source.files) {
            digest.update(hash(file));
        }
        List<Object> parts = new ArrayList<>(List.of(
                "2", // of the reading rules themselves: count up when they change what is stored
                spec.dataset(),
                source.format,
                spec.zone(),
                spec.missing(),
                spec.encoding(),
                spec.delimiter(),
                spec.header(),
                spec.columnNames(),
                spec.contract().promises(),
                expectations.stream().map(each -> text(each, spec)).toList(),
                spec.onViolation()));
        if (!spec.layout().isNone()) {
            parts.add(spec.layout());
        }
        for (Object part : parts) {
            byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String text(Expected.Unread expectation, SourceSpec spec) {
        return expectation.severity() == spec.onViolation()
                ? expectation.text()
                : expectation.text() + " " + expectation.severity();
    }

    private static byte[] hash(Path file) {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static MillwrightException unreadable(Path file, IOException cause) {
        return new MillwrightException(CoreError.IO_FAILED, file + ": can't be read: " + cause.getMessage(), cause);
    }
}
