package dev.millwright.registry;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What runs can be searched by. The distinct keys of a table are found by one step in its index a key, so that the answer does
 * not depend on how many runs there are. Thread-safe.
 */
public final class RunKeys {
    /** How many keys of a kind are listed at once. */
    public static final int MOST = 1_000;

    private static final int NEWEST = 200;

    private final Database database;

    RunKeys(Database database) {
        this.database = database;
    }

    /**
     * Keys, each list without duplicates, at most 1000 of each kind.
     *
     * @param attributes what every run has
     */
    public record Known(List<String> attributes, List<String> metrics, List<String> params, List<String> tags) {
        public Known {
            attributes = List.copyOf(attributes);
            metrics = List.copyOf(metrics);
            params = List.copyOf(params);
            tags = List.copyOf(tags);
        }
    }

    /** The keys of all runs, in alphabetical order. */
    public Known all() {
        return startingAt("");
    }

    /** The same from {@code key} on, for those who have more keys than are listed at once. */
    public Known startingAt(String key) {
        return database.read(session -> new Known(
                RunSearch.ATTRIBUTES,
                distinct(session, "latest_metrics", key),
                distinct(session, "params", key),
                distinct(session, "tags", key)));
    }

    /** First those that the newest 200 runs of the experiment logged, then the rest. */
    public Known of(String experimentId) {
        return database.read(session -> {
            List<String> newest = session.list(
                    "SELECT run_id FROM runs WHERE experiment_id = ? AND deleted IS NULL"
                            + " ORDER BY started DESC, run_id DESC LIMIT " + NEWEST,
                    row -> row.getString(1),
                    Experiments.key(experimentId));
            return new Known(
                    RunSearch.ATTRIBUTES,
                    distinct(session, "latest_metrics", newest),
                    distinct(session, "params", newest),
                    distinct(session, "tags", newest));
        });
    }

    private static List<String> distinct(Session session, String table, List<String> runs) throws SQLException {
        Set<String> keys = new LinkedHashSet<>();
        if (!runs.isEmpty()) {
            keys.addAll(session.list(
                    "SELECT DISTINCT key FROM " + table + " WHERE run_id IN ("
                            + String.join(", ", Collections.nCopies(runs.size(), "?")) + ") ORDER BY key LIMIT " + MOST,
                    row -> row.getString(1),
                    runs.toArray()));
        }
        keys.addAll(distinct(session, table, ""));
        return new ArrayList<>(keys).subList(0, Math.min(keys.size(), MOST));
    }

    private static List<String> distinct(Session session, String table, String from) throws SQLException {
        return session.list(
                "WITH RECURSIVE known (key) AS (SELECT MIN(t.key) FROM " + table + " t WHERE t.key >= ?"
                        + " UNION ALL SELECT (SELECT MIN(t.key) FROM " + table + " t WHERE t.key > known.key)"
                        + " FROM known WHERE known.key IS NOT NULL)"
                        + " SELECT key FROM known WHERE key IS NOT NULL LIMIT " + MOST,
                row -> row.getString(1),
                from);
    }
}
