package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import dev.millwright.pipelines.PipelineFile.Command;
import dev.millwright.pipelines.PipelineFile.Located;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that a command is made of: those under the pipeline file's folder that it names, and those that {@code files:}
 * names. When one of them changes, the command is another one.
 */
final class CommandFiles {
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|[^\\s\"']+");
    private static final Pattern PLAIN = Pattern.compile("[^;&|<>()$`\\\\\n*?]*");
    private static final Pattern SCRIPT =
            Pattern.compile("[^-=].*\\.(?:py|sh|bash|r|R|Rscript|jl|js|ts|rb|pl|lua|jar)");
    private static final Pattern GLOB = Pattern.compile(".*[*?\\[{].*");

    private final Command command;
    private final Path folder;

    CommandFiles(Command command, Path folder) {
        this.command = command;
        this.folder = folder.normalize();
    }

    /** The SHA-256 of each file, by its path from the folder. */
    Map<String, String> hashes() {
        Set<Path> files = new TreeSet<>();
        words().flatMap(word -> Stream.of(word, word.substring(word.indexOf('=') + 1)))
                .map(this::inFolder)
                .flatMap(Optional::stream)
                .forEach(files::add);
        command.files().forEach(named -> files.addAll(matching(named.text())));
        Map<String, String> hashes = new TreeMap<>();
        files.forEach(file -> hashes.put(folder.relativize(file).toString(), hash(file)));
        return hashes;
    }

    /** What is named and not there, as far as that can be told without a shell. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (Located named : command.files()) {
            if (matching(named.text()).isEmpty()) {
                problems.add(missing(named, "train.files", named.text()));
            }
        }
        if (PLAIN.matcher(command.line().text()).matches()) {
            words().filter(word -> SCRIPT.matcher(word).matches())
                    .filter(word -> !Path.of(word).isAbsolute() && !Files.exists(folder.resolve(word)))
                    .forEach(word -> problems.add(missing(command.line(), "train.run", word)));
        }
        return problems;
    }

    private Problem missing(Located where, String key, String name) {
        return Problem.at(
                where.position(),
                key + ": " + name + " (expected: a file under " + folder + ")."
                        + Words.nearest(name, names())
                                .map(near -> " Did you mean '" + near + "'?")
                                .orElse(""));
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException | UncheckedIOException unreadable) {
            return List.of(); // then there is nothing to suggest
        }
    }

    private Stream<String> words() {
        return WORD.matcher(command.line().text())
                .results()
                .map(found -> found.group().replaceAll("^[\"']|[\"']$", ""))
                .filter(word -> !word.isEmpty());
    }

    private Optional<Path> inFolder(String name) {
        try {
            Path file = folder.resolve(name).normalize();
            return file.startsWith(folder) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    private List<Path> matching(String name) {
        if (!GLOB.matcher(name).matches()) {
            return inFolder(name).stream().toList();
        }
        PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + name);
        int depth = name.contains("**")
                ? Integer.MAX_VALUE
                : (int) name.chars().filter(c -> c == '/').count() + 1;
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> matcher.matches(folder.relativize(file)))
                    .toList();
        } catch (IOException | UncheckedIOException failed) {
            throw unreadable(folder, failed);
        }
    }

    private static String hash(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return StepKeys.sha256(stream);
        } catch (IOException failed) {
            throw unreadable(file, failed);
        }
    }

    private static MillwrightException unreadable(Path file, Exception cause) {
        return new MillwrightException(
                PipelineError.HOME_FAILED,
                "train: " + file + " can't be read: " + cause.getMessage() + " (expected: a readable file).",
                cause);
    }
}
