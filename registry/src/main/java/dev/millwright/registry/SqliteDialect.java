package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Transaction.Durability;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;

/** SQLite: one file, versioned in its header. */
final class SqliteDialect implements Dialect {
    /** "Mill" in ASCII. */
    private static final int APPLICATION = 0x4d696c6c;
    /** So many of SQLite's instructions, a millisecond or so, pass between two looks at the clock. */
    private static final int INSTRUCTIONS = 100_000;

    @Override
    public String database() {
        return "state.db";
    }

    @Override
    public void begin(Session session) throws SQLException {
        session.execute("BEGIN IMMEDIATE");
    }

    @Override
    public void beginSnapshot(Session session) throws SQLException {
        session.execute("BEGIN");
    }

    @Override
    public void commit(Session session) throws SQLException {
        session.execute("COMMIT");
    }

    @Override
    public void rollBack(Session session) throws SQLException {
        try {
            session.execute("ROLLBACK");
        } catch (SQLException none) { // some errors, a full disk among them, undo the whole transaction
            if (!String.valueOf(none.getMessage()).contains("no transaction is active")) {
                throw none;
            }
        }
    }

    @Override
    public void require(Session session, Durability durability) throws SQLException {
        session.executeOnce("PRAGMA synchronous = " + (durability == Durability.POWER_LOSS ? "FULL" : "NORMAL"));
    }

    @Override
    public String definition(String statement) {
        return statement.contains(Migrations.ONLY_POSTGRESQL) ? "" : statement;
    }

    @Override
    public int version(Session session) throws SQLException {
        int application = pragma(session, "application_id");
        int version = pragma(session, "user_version");
        boolean empty = !session.exists("SELECT 1 FROM sqlite_master LIMIT 1");
        if (application != APPLICATION && !(empty && application == 0 && version == 0)) {
            throw new MillwrightException(
                    RegistryError.STATE_CORRUPT,
                    "state.db: a database of another program (expected: one written by Millwright). Name another home.");
        }
        return version;
    }

    private static int pragma(Session session, String name) throws SQLException {
        return session.find("PRAGMA " + name, row -> row.getInt(1)).orElse(0);
    }

    @Override
    public void setVersion(Session session, int version) throws SQLException {
        session.executeOnce("PRAGMA application_id = " + APPLICATION);
        session.executeOnce("PRAGMA user_version = " + version);
    }

    /** SQLite's LIKE takes no notice of case; its GLOB does. */
    @Override
    public String like(String column) {
        return column + " GLOB ?";
    }

    @Override
    public String ilike(String column) {
        return column + " LIKE ?";
    }

    @Override
    public String pattern(String like) {
        StringBuilder glob = new StringBuilder();
        for (int i = 0; i < like.length(); i++) {
            char c = like.charAt(i);
            switch (c) {
                case '%' -> glob.append('*');
                case '_' -> glob.append('?');
                case '*', '?', '[' -> glob.append('[').append(c).append(']');
                default -> glob.append(c);
            }
        }
        return glob.toString();
    }

    /** The plus keeps it from trying each of the values on an index for each row of another table. */
    @Override
    public String isAmong(String column) {
        return "+" + leadsTo(column);
    }

    @Override
    public String leadsTo(String column) {
        return column + " IN (SELECT value FROM json_each(?))";
    }

    @Override
    public Object list(List<?> values) {
        return Json.write(values);
    }

    @Override
    public String indexed(String column) {
        return column;
    }

    @Override
    public String indexedValue(String value) {
        return value;
    }

    /** SQLite reads the left table of a CROSS JOIN first. */
    @Override
    public String innerJoin() {
        return "CROSS JOIN";
    }

    @Override
    public String along(String index) {
        return " INDEXED BY " + index;
    }

    @Override
    public void insertMetrics(Session session, List<MetricRow> rows) throws SQLException {
        List<@Nullable Object[]> bound = new ArrayList<>();
        for (MetricRow row : rows) {
            bound.add(
                    new @Nullable Object[] {row.runId(), row.key(), row.step(), row.timestamp(), row.value(), row.nan()
                    });
        }
        for (String insert : List.of(MetricRows.INSERT, MetricRows.UPSERT)) {
            session.updateAll(insert.formatted("VALUES (?, ?, ?, ?, ?, ?)"), bound);
        }
    }

    /** Rows are numbered as they come, and runs are never taken out. */
    @Override
    public long roughly(Session session, String table) throws SQLException {
        return session.find("SELECT COALESCE(MAX(rowid), 0) FROM " + table, row -> row.getLong(1))
                .orElse(0L);
    }

    @Override
    public void beginSearch(Session session, Duration limit) throws SQLException {
        long deadline = System.nanoTime() + limit.toNanos();
        ProgressHandler.setHandler(session.connection(), INSTRUCTIONS, new ProgressHandler() {
            @Override
            protected int progress() {
                return System.nanoTime() - deadline > 0 ? 1 : 0;
            }
        });
    }

    @Override
    public void endSearch(Session session) throws SQLException {
        ProgressHandler.clearHandler(session.connection());
    }

    @Override
    public Object stored(Object value) {
        return value;
    }
}
