package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What monitors noticed. Of one kind about one thing at most one is open at a time. Thread-safe. */
public final class Alerts {
    private static final String SELECT =
            "SELECT alert_id, endpoint, kind, about, message, data, opened, closed, close_reason FROM alerts ";

    private final Database database;

    Alerts(Database database) {
        this.database = database;
    }

    /**
     * Opens an alert; when one is open already, it gets the new message and data, and no event is recorded.
     *
     * @param about a column, a metric, or {@code ""}
     * @param data a JSON document with the numbers
     */
    public Alert open(String endpoint, String kind, String about, String message, String data) {
        Names.require("alert kind", kind);
        Json.require("alert data", data);
        return database.write(transaction -> {
            Optional<Alert> known = openOne(transaction, endpoint, kind, about);
            if (known.isPresent()) {
                transaction.update(
                        "UPDATE alerts SET message = ?, data = ? WHERE alert_id = ?",
                        message,
                        data,
                        known.get().id());
            } else {
                insert(transaction, endpoint, kind, about, message, data);
            }
            return openOne(transaction, endpoint, kind, about).orElseThrow();
        });
    }

    private static void insert(
            Transaction transaction, String endpoint, String kind, String about, String message, String data)
            throws SQLException {
        transaction.update(
                "INSERT INTO alerts (endpoint, kind, about, message, data, opened) VALUES (?, ?, ?, ?, ?, ?)",
                endpoint,
                kind,
                about,
                message,
                data,
                transaction.now());
        Alert opened = openOne(transaction, endpoint, kind, about).orElseThrow();
        transaction.append("alert.opened", endpoint, eventData(opened, Optional.of(message)));
    }

    private static Map<String, String> eventData(Alert alert, Optional<String> why) {
        Map<String, String> data = new TreeMap<>();
        data.put("alert", Long.toString(alert.id()));
        data.put("kind", alert.kind());
        data.put("about", alert.about());
        why.ifPresent(reason -> data.put("reason", reason));
        return data;
    }

    private static Optional<Alert> openOne(Session session, String endpoint, String kind, String about)
            throws SQLException {
        return session.find(
                SELECT + "WHERE endpoint = ? AND kind = ? AND about = ? AND closed IS NULL",
                Alerts::read,
                endpoint,
                kind,
                about);
    }

    /** Closes an alert; one that is closed stays as it is. */
    public Alert close(long id, String reason) {
        return database.write(transaction -> {
            Alert alert = require(transaction, id);
            if (!alert.isOpen()) {
                return alert;
            }
            transaction.update(
                    "UPDATE alerts SET closed = ?, close_reason = ? WHERE alert_id = ?", transaction.now(), reason, id);
            transaction.append("alert.closed", alert.endpoint(), eventData(alert, Optional.of(reason)));
            return require(transaction, id);
        });
    }

    public Alert load(long id) {
        return database.read(session -> require(session, id));
    }

    private static Alert require(Session session, long id) throws SQLException {
        return session.find(SELECT + "WHERE alert_id = ?", Alerts::read, id)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "alert: " + id + " (expected: the id of an alert)"));
    }

    /** The open alerts of all endpoints, newest first. */
    public List<Alert> listOpen() {
        return database.read(
                session -> session.list(SELECT + "WHERE closed IS NULL ORDER BY alert_id DESC", Alerts::read));
    }

    /** The alerts of one endpoint, open and closed, newest first, at most {@code limit}. */
    public List<Alert> list(String endpoint, int limit) {
        return database.read(session -> session.list(
                SELECT + "WHERE endpoint = ? ORDER BY alert_id DESC LIMIT ?", Alerts::read, endpoint, limit));
    }

    private static Alert read(ResultSet row) throws SQLException {
        return new Alert(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                Micros.instant(row.getLong(7)),
                Columns.instant(row, 8),
                Optional.ofNullable(row.getString(9)));
    }
}
