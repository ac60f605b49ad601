package dev.millwright.pipelines.jobs;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Jobs and their answers in SQLite, durable when a call returns. Times are milliseconds since 1970. For one thread at a time.
 */
final class JobTable implements AutoCloseable {
    private static final String COLUMNS =
            "id, endpoint, user, state, attempts, submitted, ended, status, webhook, webhook_state";

    private final Connection connection;

    JobTable(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try (Statement statement = connection.createStatement()) {
            // Before the first table is made: bodies and answers give their room back when they go.
            statement.execute("PRAGMA auto_vacuum = FULL");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, endpoint TEXT NOT NULL, user TEXT NOT NULL, "
                            + "door TEXT NOT NULL, content_type TEXT, json_length TEXT, state TEXT NOT NULL, "
                            + "attempts INTEGER NOT NULL, interrupted INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, "
                            + "submitted INTEGER NOT NULL, ended INTEGER, status INTEGER, answer_type TEXT, answer_json_length TEXT, "
                            + "bytes INTEGER NOT NULL, webhook TEXT, webhook_state TEXT, webhook_calls INTEGER NOT NULL DEFAULT 0, "
                            + "webhook_receiver TEXT, version TEXT, headers TEXT, "
                            // Last, so that nobody who looks at the rest reads through them.
                            + "webhook_due INTEGER, body BLOB, answer BLOB)");
            new JobMigration(connection).apply();
            statement.execute("CREATE INDEX IF NOT EXISTS job_bytes ON job (bytes)");
            statement.execute("CREATE INDEX IF NOT EXISTS job_waiting ON job (endpoint, due) WHERE state = 'WAITING'");
            statement.execute("CREATE INDEX IF NOT EXISTS job_state ON job (endpoint, state)");
            statement.execute("CREATE INDEX IF NOT EXISTS job_ended ON job (ended) WHERE ended IS NOT NULL");
            statement.execute(
                    "CREATE INDEX IF NOT EXISTS job_webhook ON job (webhook_due) WHERE webhook_due IS NOT NULL");
            statement.execute("CREATE INDEX IF NOT EXISTS job_receiver ON job (webhook_receiver, webhook_due)"
                    + " WHERE webhook_due IS NOT NULL");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A call to make. */
    record WebhookCall(Job job, URI url, int calls) {
        /** Whom an address belongs to: its scheme, host and port. */
        static String receiver(URI url) {
            return (url.getScheme() + "://" + url.getHost() + ":" + url.getPort()).toLowerCase(Locale.ROOT);
        }
    }

    /** A job that was begun. */
    record Begun(String id, int attempt, JobRequest request) {}

    void insert(String id, JobRequest request, long now) throws SQLException {
        update(
                "INSERT INTO job (id, endpoint, user, door, content_type, json_length, body, state, attempts, due, submitted,"
                        + " bytes, webhook, webhook_receiver, version, headers) VALUES (?, ?, ?, ?, ?, ?, ?, 'WAITING', 0, ?, ?, ?, ?, ?, ?, ?)",
                id,
                request.endpoint(),
                request.user(),
                request.door().name(),
                request.contentType().orElse(null),
                request.jsonLength().orElse(null),
                request.body(),
                now,
                now,
                request.body().length,
                request.webhook().map(URI::toString).orElse(null),
                request.webhook().map(WebhookCall::receiver).orElse(null),
                request.routing().version().orElse(null),
                JobHeaders.write(request.routing().headers()));
    }

    /** Lets jobs wait that were under way when the process was killed; gives up those with which that happened too often. */
    void recover(int kills, JobAnswer givenUp, long now) throws SQLException {
        update("UPDATE job SET interrupted = interrupted + 1 WHERE state = 'RUNNING'");
        finish("state = 'RUNNING' AND interrupted >= ?", givenUp, now, kills);
        update("UPDATE job SET state = 'WAITING' WHERE state = 'RUNNING'");
    }

    /** Endpoints for which a job is due, by name. */
    List<String> due(long now) throws SQLException {
        return query(
                "SELECT DISTINCT endpoint FROM job WHERE state = 'WAITING' AND due <= ? ORDER BY endpoint",
                rows -> rows.getString(1),
                now);
    }

    /** When the next job is due; empty when none waits. */
    Optional<Long> nextDue() throws SQLException {
        return query(
                        "SELECT MIN(due) FROM job WHERE state = 'WAITING'",
                        rows -> Optional.of(rows.getLong(1)).filter(due -> due > 0))
                .getFirst();
    }

    /** Begins the job of an endpoint that has waited longest. */
    Optional<Begun> begin(String endpoint, long now) throws SQLException {
        return query(
                        "UPDATE job SET state = 'RUNNING', attempts = attempts + 1 WHERE id = (SELECT id FROM job WHERE"
                                + " state = 'WAITING' AND endpoint = ? AND due <= ? ORDER BY due, rowid LIMIT 1) RETURNING"
                                + " id, attempts, endpoint, user, door, content_type, json_length, body, webhook, version,"
                                + " headers",
                        JobTable::begun,
                        endpoint,
                        now)
                .stream()
                .findFirst();
    }

    private static Begun begun(ResultSet rows) throws SQLException {
        return new Begun(
                rows.getString(1),
                rows.getInt(2),
                new JobRequest(
                        rows.getString(3),
                        rows.getString(4),
                        JobRequest.Door.valueOf(rows.getString(5)),
                        new JobRouting(Optional.ofNullable(rows.getString(10)), JobHeaders.read(rows.getString(11))),
                        Optional.ofNullable(rows.getString(6)),
                        Optional.ofNullable(rows.getString(7)),
                        rows.getBytes(8),
                        Optional.ofNullable(rows.getString(9)).map(URI::create)));
    }

    /** Stores the answer of an attempt, unless the job was withdrawn, or begun anew, meanwhile. The request is needed no more. */
    void end(Begun begun, JobAnswer answer, long now) throws SQLException {
        finish("state = 'RUNNING' AND id = ? AND attempts = ?", answer, now, begun.id(), begun.attempt());
    }

    /** Gives up what has waited since before a time. */
    void giveUp(long submittedBefore, JobAnswer answer, long now) throws SQLException {
        finish("state = 'WAITING' AND submitted < ?", answer, now, submittedBefore);
    }

    private void finish(String which, JobAnswer answer, long now, Object... parameters) throws SQLException {
        List<@Nullable Object> all = new ArrayList<>();
        all.add((answer.succeeded() ? Job.State.DONE : Job.State.FAILED).name());
        all.add(now);
        all.add(answer.status());
        all.add(answer.contentType());
        all.add(answer.jsonLength().orElse(null));
        all.add(answer.body());
        all.add(answer.body().length);
        all.add(now);
        all.addAll(List.of(parameters));
        update(
                "UPDATE job SET state = ?, ended = ?, status = ?, answer_type = ?, answer_json_length = ?, answer = ?, bytes = ?,"
                        + " body = NULL, headers = NULL, webhook_due = CASE WHEN webhook IS NULL THEN NULL ELSE ? END WHERE "
                        + which,
                all.toArray());
    }

    /** Lets an attempt's job wait again until then. */
    void putOff(Begun begun, long until) throws SQLException {
        update(
                "UPDATE job SET state = 'WAITING', due = ? WHERE state = 'RUNNING' AND id = ? AND attempts = ?",
                until,
                begun.id(),
                begun.attempt());
    }

    Optional<Job> find(String id) throws SQLException {
        return query("SELECT " + COLUMNS + " FROM job WHERE id = ?", JobTable::job, id).stream()
                .findFirst();
    }

    private static Job job(ResultSet rows) throws SQLException {
        long ended = rows.getLong("ended");
        boolean hasEnded = !rows.wasNull();
        return new Job(
                rows.getString("id"),
                rows.getString("endpoint"),
                rows.getString("user"),
                Job.State.valueOf(rows.getString("state")),
                rows.getInt("attempts"),
                Instant.ofEpochMilli(rows.getLong("submitted")),
                hasEnded ? Optional.of(Instant.ofEpochMilli(ended)) : Optional.empty(),
                hasEnded ? Optional.of(rows.getInt("status")) : Optional.empty(),
                rows.getString("webhook") == null
                        ? Optional.empty()
                        : Optional.of(Optional.ofNullable(rows.getString("webhook_state"))
                                .orElse("pending")));
    }

    Optional<JobAnswer> findAnswer(String id) throws SQLException {
        return query(
                        "SELECT status, answer_type, answer_json_length, answer FROM job WHERE id = ? AND ended IS NOT NULL",
                        rows -> new JobAnswer(
                                rows.getInt(1),
                                rows.getString(2),
                                Optional.ofNullable(rows.getString(3)),
                                rows.getBytes(4)),
                        id)
                .stream()
                .findFirst();
    }

    /** False when there is no such job. */
    boolean delete(String id) throws SQLException {
        return update("DELETE FROM job WHERE id = ?", id) > 0;
    }

    /** Forgets what ended before a time. */
    void sweep(long endedBefore) throws SQLException {
        update("DELETE FROM job WHERE ended < ?", endedBefore);
    }

    int waiting(String endpoint) throws SQLException {
        return query(
                        "SELECT COUNT(*) FROM job WHERE state = 'WAITING' AND endpoint = ?",
                        rows -> rows.getInt(1),
                        endpoint)
                .getFirst();
    }

    /** By endpoint and state; none for states that no job is in. */
    List<JobCount> counts() throws SQLException {
        return query(
                "SELECT endpoint, state, COUNT(*) FROM job GROUP BY endpoint, state ORDER BY endpoint, state",
                rows -> new JobCount(rows.getString(1), Job.State.valueOf(rows.getString(2)), rows.getInt(3)));
    }

    /** What requests and answers take together. */
    long bytes() throws SQLException {
        return query("SELECT COALESCE(SUM(bytes), 0) FROM job", rows -> rows.getLong(1))
                .getFirst();
    }

    /** Receivers to whom a call is due, by name. */
    List<String> receivers(long now) throws SQLException {
        return query(
                "SELECT DISTINCT webhook_receiver FROM job WHERE webhook_due <= ? ORDER BY webhook_receiver",
                rows -> rows.getString(1),
                now);
    }

    /** Calls that are due to a receiver, the one that has waited longest first. */
    List<WebhookCall> calls(String receiver, long now, int most) throws SQLException {
        return query(
                "SELECT " + COLUMNS + ", webhook_calls FROM job WHERE webhook_receiver = ? AND webhook_due <= ?"
                        + " ORDER BY webhook_due LIMIT ?",
                rows -> new WebhookCall(job(rows), URI.create(rows.getString("webhook")), rows.getInt("webhook_calls")),
                receiver,
                now,
                most);
    }

    /** When the next call is due of those that aren't by a time; empty when there is none. */
    Optional<Long> nextCallDue(long after) throws SQLException {
        return query(
                        "SELECT MIN(webhook_due) FROM job WHERE webhook_due > ?",
                        rows -> Optional.of(rows.getLong(1)).filter(due -> due > 0),
                        after)
                .getFirst();
    }

    /** How a call ended; it is made again at {@code due}, unless that is empty. */
    void called(String id, String state, Optional<Long> due) throws SQLException {
        update(
                "UPDATE job SET webhook_state = ?, webhook_due = ?, webhook_calls = webhook_calls + 1 WHERE id = ?",
                state,
                due.orElse(null),
                id);
    }

    void empty() throws SQLException {
        update("DELETE FROM job");
    }

    /** Reads one row. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> List<T> query(String sql, Reading<T> reading, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reading.read(rows));
                }
            }
            return found;
        }
    }

    private int update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
