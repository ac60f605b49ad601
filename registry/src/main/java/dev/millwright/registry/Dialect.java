package dev.millwright.registry;

import dev.millwright.registry.Transaction.Durability;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What SQLite and PostgreSQL say differently. All other SQL of this room is the same for both. */
sealed interface Dialect permits SqliteDialect, PostgresDialect {
    /** The database, as messages name it. */
    String database();

    /** Begins a change: nobody else may write until it ends. */
    void begin(Session session) throws SQLException;

    /** Begins a question, which sees one snapshot. */
    void beginSnapshot(Session session) throws SQLException;

    void commit(Session session) throws SQLException;

    /** Ends a transaction without a trace; does nothing when an error ended it already. */
    void rollBack(Session session) throws SQLException;

    /** Makes the commits to come survive this. */
    void require(Session session, Durability durability) throws SQLException;

    /** A statement of a migration, or nothing when it is meant for another database. */
    String definition(String statement);

    /** The version of the stored schema, 0 for an empty database; refuses one that is not Millwright's. */
    int version(Session session) throws SQLException;

    /** Part of the transaction that brings the schema to this version. */
    void setVersion(Session session, int version) throws SQLException;

    /** Compares a text with a pattern of {@code %} and {@code _}, which {@link #pattern} has prepared. */
    String like(String column);

    /** The same, where the case of ASCII letters does not matter; takes the pattern as it was written. */
    String ilike(String column);

    /** The argument of {@link #like}. */
    String pattern(String like);

    /** A filter of rows: whether a column holds one of the values of {@link #list}, which is one argument however long it is. */
    String isAmong(String column);

    /** The same as a way to the rows, by an index that begins with the column. */
    String leadsTo(String column);

    /** Numbers or texts as one argument. */
    Object list(List<?> values);

    /** What the indexes by value hold of a long text: all of it, or its beginning. */
    String indexed(String column);

    /** The same of a value to compare that with. */
    String indexedValue(String value);

    /** An inner join that stays where it stands. */
    String innerJoin();

    /** Lets a table be read along this index, which gives the order that is asked for. */
    String along(String index);

    /** Puts values into the tables {@code metrics} and {@code latest_metrics}. */
    void insertMetrics(Session session, List<MetricRow> rows) throws SQLException;

    /** About how many rows a table has. */
    long roughly(Session session, String table) throws SQLException;

    /** Lets what follows in this transaction be stopped after a time, and keeps joins in the order in which they stand. */
    void beginSearch(Session session, Duration limit) throws SQLException;

    void endSearch(Session session) throws SQLException;

    /** The value as the driver takes it. */
    @Nullable
    Object stored(Object value);
}
