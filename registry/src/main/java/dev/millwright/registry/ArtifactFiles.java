package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's artifact root: files by path. What clients send is kept here; what pipelines made shows in the same tree, at
 * {@code EXPERIMENT/RUN/artifacts/…} and {@code models/NAME/VERSION/…}, and can't be changed. Thread-safe.
 */
public final class ArtifactFiles {
    private static final int MAX_PATH = 4096;
    private static final Pattern RUN = Pattern.compile("[^/]+/([0-9a-f]{32})/artifacts(?:/(.*))?");
    private static final Pattern VERSION = Pattern.compile("models/([^/]+)/(\\d{1,9})(?:/(.*))?");

    private final Database database;
    private final Artifacts artifacts;

    ArtifactFiles(Database database, Artifacts artifacts) {
        this.database = database;
        this.artifacts = artifacts;
    }

    /**
     * Part of a directory.
     *
     * @param name its last segment
     * @param size in bytes; 0 for a directory
     */
    public record Entry(String name, boolean isDirectory, long size) {}

    /** Stores what the stream gives until its end, in place of what was there; all of it or nothing. */
    public Artifact put(String path, InputStream bytes) {
        requireSafe(path);
        Artifact artifact = artifacts.put(bytes);
        database.write(transaction -> transaction.update(
                "INSERT INTO artifact_files (path, sha256, size, modified) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size,"
                        + " modified = excluded.modified",
                path,
                artifact.sha256(),
                artifact.size(),
                transaction.now()));
        return artifact;
    }

    public Optional<Artifact> find(String path) {
        requireSafe(path);
        return database.read(session -> {
            Optional<Artifact> sent = session.find(
                    "SELECT sha256, size FROM artifact_files WHERE path = ?",
                    row -> new Artifact(row.getString(1), row.getLong(2)),
                    path);
            return sent.isPresent()
                    ? sent
                    : Optional.ofNullable(made(session, path).get(path));
        });
    }

    /** What lies directly in a directory, by name; empty when there is no such directory. */
    public List<Entry> list(String directory) {
        String prefix = directory.isEmpty() ? "" : requireSafe(directory) + "/";
        return database.read(session -> {
            Map<String, Entry> entries = new TreeMap<>();
            made(session, directory).forEach((path, artifact) -> add(entries, prefix, path, artifact.size()));
            // '0' follows '/', so this is a range of the primary key.
            session.visit(
                    "SELECT path, size FROM artifact_files WHERE path >= ? AND path < ?",
                    row -> {
                        add(entries, prefix, row.getString(1), row.getLong(2));
                        return true;
                    },
                    prefix,
                    prefix.isEmpty() ? "\uffff" : directory + "0");
            return List.copyOf(entries.values());
        });
    }

    /** All that clients sent below a directory, by the path from there. */
    public Map<String, Artifact> under(String directory) {
        String prefix = requireSafe(directory) + "/";
        return database.read(session -> {
            Map<String, Artifact> files = new TreeMap<>();
            session.visit(
                    "SELECT path, sha256, size FROM artifact_files WHERE path >= ? AND path < ?",
                    row -> {
                        files.put(
                                row.getString(1).substring(prefix.length()),
                                new Artifact(row.getString(2), row.getLong(3)));
                        return true;
                    },
                    prefix,
                    directory + "0");
            return files;
        });
    }

    private static void add(Map<String, Entry> entries, String prefix, String path, long size) {
        if (!path.startsWith(prefix)) {
            return;
        }
        String rest = path.substring(prefix.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        entries.putIfAbsent(name, new Entry(name, slash >= 0, slash < 0 ? size : 0));
    }

    /** Deletes a file, or a directory with all that is in it. Throws NOT_FOUND when there is neither. */
    public void delete(String path) {
        requireSafe(path);
        database.write(transaction -> {
            int deleted = transaction.update(
                    "DELETE FROM artifact_files WHERE path = ? OR path >= ? AND path < ?",
                    path,
                    path + "/",
                    path + "0");
            if (deleted == 0) {
                throw new MillwrightException(
                        RegistryError.NOT_FOUND,
                        "artifact: " + path + " (expected: a file or directory that a client sent)");
            }
            return deleted;
        });
    }

    /** The files that a pipeline made and that belong under the run or model version which the path names. */
    private static Map<String, Artifact> made(Session session, String path) throws SQLException {
        Map<String, Artifact> files = new TreeMap<>();
        Matcher run = RUN.matcher(path);
        if (run.matches()) {
            String base = path.substring(0, path.indexOf("/artifacts")) + "/artifacts/";
            session.visit(
                    "SELECT path, sha256, size FROM run_artifacts WHERE run_id = ?",
                    row -> {
                        files.put(base + row.getString(1), new Artifact(row.getString(2), row.getLong(3)));
                        return true;
                    },
                    run.group(1));
        }
        Matcher version = VERSION.matcher(path);
        if (version.matches()) {
            String base = "models/" + version.group(1) + "/" + version.group(2) + "/";
            session.visit(
                    "SELECT name, sha256, size FROM model_version_artifacts WHERE model = ? AND version = ?",
                    row -> {
                        files.put(base + row.getString(1), new Artifact(row.getString(2), row.getLong(3)));
                        return true;
                    },
                    version.group(1),
                    Integer.parseInt(version.group(2)));
        }
        return files;
    }

    /** A relative path that stays inside the root, whatever joins it to one. */
    static String requireSafe(String path) {
        boolean safe = !path.isEmpty()
                && path.length() <= MAX_PATH
                && path.indexOf('\\') < 0
                && path.chars().noneMatch(c -> c < ' ' || c == 127);
        for (String segment : path.split("/", -1)) {
            safe &= !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
        }
        if (!safe) {
            throw new InvalidInputException("Invalid path: " + path
                    + " (expected: a relative path with '/', without '.', '..', '\\' and control characters)");
        }
        return path;
    }
}
