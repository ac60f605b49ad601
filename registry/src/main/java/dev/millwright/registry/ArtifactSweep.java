package dev.millwright.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Deletes bytes that no row refers to: those of files that were deleted or replaced, and of changes that never came to an
 * end. Only bytes that have lain there since before a given time are looked at, and storing bytes again makes them young:
 * so what is stored now, and named by a row a moment later, is safe.
 */
final class ArtifactSweep {
    /** Where rows name bytes by their hash, a column each. */
    static final List<String> HASH_COLUMNS =
            List.of("run_artifacts.sha256", "model_version_artifacts.sha256", "artifact_files.sha256");

    /** Where texts do, JSON most of them. */
    static final List<String> TEXT_COLUMNS =
            List.of("steps.outputs", "lineage_edges.payload", "lineage_edges.from_id", "lineage_edges.to_id");

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Database database;
    private final Artifacts artifacts;

    ArtifactSweep(Database database, Artifacts artifacts) {
        this.database = database;
        this.artifacts = artifacts;
    }

    /** Deletes what was stored before {@code before} and is referred to by nothing. */
    Artifacts.Swept run(Instant before) {
        Known known = new Known();
        // One snapshot of all tables: a reference that moves from one to another is seen in one of them.
        database.read(session -> {
            read(session, known);
            return true;
        });
        known.sort();
        return artifacts.sweep(before, hash -> !known.holds(hash));
    }

    private static void read(Session session, Known known) throws SQLException {
        for (String place : HASH_COLUMNS) {
            visit(session, place, known::add);
        }
        for (String place : TEXT_COLUMNS) {
            visit(session, place, text -> {
                Matcher hashes = HASH.matcher(text);
                while (hashes.find()) {
                    known.add(hashes.group());
                }
            });
        }
    }

    private static void visit(Session session, String place, Consumer<String> visitor) throws SQLException {
        int dot = place.indexOf('.');
        String column = place.substring(dot + 1);
        session.visit(
                "SELECT " + column + " FROM " + place.substring(0, dot) + " WHERE " + column + " IS NOT NULL", row -> {
                    visitor.accept(row.getString(1));
                    return true;
                });
    }

    /** The first eight bytes of hashes: of millions in a few megabytes. Taking one for another only keeps its bytes longer. */
    private static final class Known {
        private long[] prefixes = new long[1024];
        private int count;

        void add(String hash) {
            if (count == prefixes.length) {
                prefixes = Arrays.copyOf(prefixes, 2 * count);
            }
            prefixes[count++] = prefix(hash);
        }

        void sort() {
            Arrays.sort(prefixes, 0, count);
        }

        boolean holds(String hash) {
            return Arrays.binarySearch(prefixes, 0, count, prefix(hash)) >= 0;
        }

        private static long prefix(String hash) {
            return Long.parseUnsignedLong(hash.substring(0, 16), 16);
        }
    }
}
