package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The table {@code runs}: the SQL that several repositories share. */
final class RunRows {
    private static final String SELECT =
            "SELECT run_id, experiment_id, name, kind, status, pipeline, parent_id, started, ended, error, user_id,"
                    + " artifact_uri, deleted FROM runs ";
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{1,32}");
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})-([0-9a-f]{32})");

    private RunRows() {}

    /** Starts a run of a pipeline. Its files are in the server's store, wherever clients keep those of the experiment. */
    static Run insert(Transaction transaction, String id, NewRun run) throws SQLException {
        Experiments.requireActive(transaction, run.experimentId());
        if (run.parentId().isPresent()) {
            require(transaction, run.parentId().get());
        }
        transaction.update(
                "INSERT INTO runs (run_id, experiment_id, name, kind, status, pipeline, parent_id, user_id, artifact_uri,"
                        + " started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                id,
                Experiments.key(run.experimentId()),
                run.name(),
                run.kind(),
                RunStatus.RUNNING,
                run.pipeline(),
                run.parentId(),
                transaction.actor().orElse(""),
                Registry.ARTIFACT_ROOT + run.experimentId() + "/" + id + "/artifacts",
                transaction.now());
        for (Map.Entry<String, String> tag : run.tags().entrySet()) {
            transaction.update(
                    "INSERT INTO tags (run_id, key, value) VALUES (?, ?, ?)", id, tag.getKey(), tag.getValue());
        }
        if (run.parentId().isPresent()) {
            LineageEdge.link(transaction, LineageNode.run(run.parentId().get()), LineageNode.run(id), "{}");
        }
        transaction.append("run.started", id, startData(run));
        return require(transaction, id);
    }

    static String artifactUri(String location, String runId) {
        return location + "/" + runId + "/artifacts";
    }

    static void setTag(Transaction transaction, String id, String key, String value) throws SQLException {
        setTags(transaction, List.of(new RunText(id, key, value)));
    }

    static void setTags(Transaction transaction, List<RunText> tags) throws SQLException {
        insert(transaction, "tags", "UPDATE SET value = excluded.value", tags);
    }

    private static int[] insert(Transaction transaction, String table, String otherwise, List<RunText> texts)
            throws SQLException {
        return transaction.updateAll(
                "INSERT INTO " + table + " (run_id, key, value) VALUES (?, ?, ?) ON CONFLICT (run_id, key) DO "
                        + otherwise,
                texts.stream()
                        .map(text -> new @Nullable Object[] {text.runId(), text.key(), text.value()})
                        .toList());
    }

    static void rename(Transaction transaction, String id, String name) throws SQLException {
        transaction.update("UPDATE runs SET name = ? WHERE run_id = ?", name, id);
        setTag(transaction, id, TrackedRun.NAME_TAG, name);
    }

    /** Adds params; throws when one has another value already. */
    static void setParams(Transaction transaction, List<RunText> sent) throws SQLException {
        int[] added = insert(transaction, "params", "NOTHING", sent);
        Map<String, List<ParamConflictException.Conflict>> conflicts = new LinkedHashMap<>();
        for (int i = 0; i < added.length; i++) {
            RunText param = sent.get(i);
            if (added[i] == 0) {
                transaction
                        .find(
                                "SELECT value FROM params WHERE run_id = ? AND key = ? AND value <> ?",
                                row -> row.getString(1),
                                param.runId(),
                                param.key(),
                                param.value())
                        .ifPresent(kept -> conflicts
                                .computeIfAbsent(param.runId(), run -> new ArrayList<>())
                                .add(new ParamConflictException.Conflict(param.key(), kept, param.value())));
            }
        }
        Optional<String> refused = conflicts.keySet().stream().findFirst();
        if (refused.isPresent()) {
            throw new ParamConflictException(refused.get(), conflicts.getOrDefault(refused.get(), List.of()));
        }
    }

    /** Throws NOT_FOUND, or says that the run is deleted. */
    static Run requireActive(Session session, String id) throws SQLException {
        Run run = require(session, id);
        if (run.lifecycle() == Lifecycle.DELETED) {
            throw new InvalidInputException("run: " + id + " is deleted (expected: an active one). Restore it first.");
        }
        return run;
    }

    private static Map<String, String> startData(NewRun run) {
        Map<String, String> data = new TreeMap<>();
        data.put("experiment", run.experimentId());
        data.put("name", run.name());
        data.put("kind", run.kind().name());
        run.pipeline().ifPresent(pipeline -> data.put("pipeline", pipeline));
        run.parentId().ifPresent(parent -> data.put("parent", parent));
        return data;
    }

    /** Ends a running run. Saying again what was said changes nothing. */
    static Run finish(Transaction transaction, String id, RunStatus status, Optional<String> error)
            throws SQLException {
        Run run = require(transaction, id);
        if (run.status() == status) {
            return run;
        }
        if (run.status() != RunStatus.RUNNING) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "run: " + id + " is " + run.status().label() + " (expected: running)");
        }
        transaction.update(
                "UPDATE runs SET status = ?, ended = ?, error = ? WHERE run_id = ?",
                status,
                transaction.now(),
                error,
                id);
        Map<String, String> data = new TreeMap<>();
        error.ifPresent(message -> data.put("error", firstLine(message)));
        transaction.append("run." + status.label(), id, data);
        return require(transaction, id);
    }

    /** What goes into the record, which is for ever: further lines may hold what a program printed about its data. */
    static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    static Run require(Session session, String id) throws SQLException {
        return find(session, id).orElseThrow(() -> missing(id));
    }

    static Optional<Run> find(Session session, String id) throws SQLException {
        return session.find(SELECT + "WHERE run_id = ?", RunRows::read, id);
    }

    /** Those among the ids that exist, in no order. */
    static List<Run> load(Session session, List<String> ids) throws SQLException {
        return session.list(
                SELECT + "WHERE run_id IN (" + String.join(", ", Collections.nCopies(ids.size(), "?")) + ")",
                RunRows::read,
                ids.toArray());
    }

    /** How many active runs each of these started, up to {@code most}; those that started none are left out. */
    static Map<String, Integer> children(Session session, List<String> ids, int most) throws SQLException {
        Map<String, Integer> counts = new HashMap<>();
        if (ids.isEmpty()) {
            return counts;
        }
        session.visit(
                "SELECT r.run_id, (SELECT COUNT(*) FROM (SELECT 1 FROM runs c WHERE c.parent_id = r.run_id"
                        + " AND c.deleted IS NULL LIMIT " + most + ") counted) FROM runs r WHERE r.run_id IN ("
                        + String.join(", ", Collections.nCopies(ids.size(), "?")) + ")",
                row -> {
                    if (row.getInt(2) > 0) {
                        counts.put(row.getString(1), row.getInt(2));
                    }
                    return true;
                },
                ids.toArray());
        return counts;
    }

    static MillwrightException missing(String id) {
        return new MillwrightException(
                RegistryError.NOT_FOUND, "run: " + id + " (expected: the id of a run, or the start of one)");
    }

    static Optional<Run> findByPrefix(Session session, String prefix) throws SQLException {
        String lower = prefix.toLowerCase(Locale.ROOT);
        if (!HEXADECIMAL.matcher(lower).matches()) {
            return Optional.empty();
        }
        // 'g' follows the last hexadecimal digit, so this is a range of the primary key
        List<Run> matches = session.list(
                SELECT + "WHERE run_id >= ? AND run_id < ? ORDER BY run_id LIMIT 6", RunRows::read, lower, lower + "g");
        if (matches.size() > 1) {
            throw new InvalidInputException("run: " + prefix + " is the start of several ids (expected: of one), among"
                    + " them " + String.join(", ", matches.stream().map(Run::id).toList()) + ". Give more digits.");
        }
        return matches.stream().findFirst();
    }

    static Page<Run> page(Session session, RunFilter filter, int size, Optional<String> cursor) throws SQLException {
        StringBuilder sql = new StringBuilder(SELECT).append("WHERE deleted IS NULL");
        List<@Nullable Object> arguments = new ArrayList<>();
        filter.conditions().forEach((condition, argument) -> {
            sql.append(" AND ").append(condition);
            argument.ifPresent(arguments::add);
        });
        if (cursor.isPresent()) {
            var parts = CURSOR.matcher(cursor.get());
            if (!parts.matches()) {
                throw new InvalidInputException("page cursor: " + cursor.get()
                        + " (expected: the one that the page before gave). Start from the first page.");
            }
            sql.append(" AND (started, run_id) < (?, ?)");
            arguments.add(Long.parseLong(parts.group(1)));
            arguments.add(parts.group(2));
        }
        sql.append(" ORDER BY started DESC, run_id DESC LIMIT ?");
        arguments.add(size + 1);
        List<Run> found = session.list(sql.toString(), RunRows::read, arguments.toArray());
        if (found.size() <= size) {
            return new Page<>(found, Optional.empty());
        }
        List<Run> page = found.subList(0, size);
        return new Page<>(
                page,
                Optional.of(Micros.of(page.getLast().started()) + "-"
                        + page.getLast().id()));
    }

    static Run read(ResultSet row) throws SQLException {
        return new Run(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                RunKind.valueOf(row.getString(4)),
                RunStatus.valueOf(row.getString(5)),
                Optional.ofNullable(row.getString(6)),
                Optional.ofNullable(row.getString(7)),
                Micros.instant(row.getLong(8)),
                Columns.instant(row, 9),
                Optional.ofNullable(row.getString(10)),
                row.getString(11),
                row.getString(12),
                Columns.instant(row, 13).isPresent() ? Lifecycle.DELETED : Lifecycle.ACTIVE);
    }
}
