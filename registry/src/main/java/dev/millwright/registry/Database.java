package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Transaction.Durability;
import dev.millwright.registry.Transaction.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/** One database: a writer, readers beside it, and the anchor of its event record. Thread-safe. */
final class Database implements AutoCloseable {
    private static final int BUSY_MILLIS = 10_000;
    /** KiB, negative as SQLite wants them: 16 MiB for each reader that needs them, 64 for the one writer. */
    private static final int READER_CACHE = -16_384;

    private static final int WRITER_CACHE = -65_536;
    /** So much of the log, 32 MiB, is folded into the database at once: rows that change together lie far apart in it. */
    private static final int CHECKPOINT_PAGES = 8_192;

    private final @Nullable ReaderPool readers;
    private final String place;
    private final Durability ofMetrics;
    /** What {@link #empty} puts another one in the place of. */
    private volatile @Nullable Writer writer;

    private volatile HeadAnchor anchor;
    /** An empty database in memory, made ahead of {@link #empty}. */
    private @Nullable Database spare;

    private boolean closed;

    /** A question; sees one snapshot of the state. */
    @FunctionalInterface
    interface Query<T> {
        T run(Session session) throws SQLException;
    }

    private Database(
            @Nullable Writer writer,
            @Nullable ReaderPool readers,
            HeadAnchor anchor,
            String place,
            RegistryOptions.Metrics metrics) {
        this.place = place;
        this.ofMetrics = switch (metrics) {
            case SURVIVE_KILL -> Durability.PROCESS_KILL;
            case SURVIVE_POWER_LOSS -> Durability.POWER_LOSS;
        };
        this.writer = writer;
        this.readers = readers;
        this.anchor = anchor;
    }

    /** Opens or creates {@code HOME/state.db}; the caller holds the home's lock. */
    static Database file(Path home, RegistryOptions.Metrics metrics, InstantSource clock) {
        Path file = home.resolve("state.db");
        SqliteLibrary.use(home);
        FileAnchor anchor = FileAnchor.open(home.resolve("events.head"));
        try {
            Session session = writable("jdbc:sqlite:" + file);
            try {
                session.executeOnce("PRAGMA journal_mode = WAL");
                session.executeOnce("PRAGMA journal_size_limit = 67108864");
                session.executeOnce("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
                Migrations.backUp(session, home);
                Migrations.apply(session);
                align(anchor, session);
            } catch (SQLException | RuntimeException failed) {
                session.closeAfter(failed);
                throw failed;
            }
            return new Database(
                    writer(session, Database::fileIsLost, clock, anchor),
                    new ReaderPool(() -> readable(file)),
                    anchor,
                    file.toString(),
                    metrics);
        } catch (SQLException | RuntimeException failed) {
            anchor.close();
            throw SqlErrors.translateAny(failed);
        }
    }

    private static Writer writer(Session session, Session.Opener opener, InstantSource clock, HeadAnchor anchor) {
        return new Writer(new GroupCommit(session, opener, clock), anchor);
    }

    private static Session fileIsLost() throws SQLException {
        throw new SQLException("the connection to a file was lost");
    }

    /**
     * Opens a database of PostgreSQL, as its only owner, and binds the home to it.
     *
     * @param known the database that the home belongs to already
     */
    static Database server(Path home, PostgresServer server, Optional<HomeDatabase> known, InstantSource clock) {
        FileAnchor anchor = FileAnchor.open(home.resolve("events.head"));
        try {
            Session session = server.own();
            try {
                if (known.isPresent()) {
                    known.get().require(session, server.url(), home);
                }
                Migrations.apply(session);
                align(anchor, session);
                HomeDatabase.bind(home, server.url(), session);
            } catch (SQLException | RuntimeException failed) {
                session.closeAfter(failed);
                throw failed;
            }
            return new Database(
                    writer(session, server::own, clock, anchor),
                    new ReaderPool(server::read),
                    anchor,
                    server.url().toString(),
                    RegistryOptions.Metrics.SURVIVE_POWER_LOSS);
        } catch (SQLException | RuntimeException failed) {
            anchor.close();
            throw SqlErrors.translateAny(failed);
        }
    }

    /** Opens the database of PostgreSQL that a home belongs to, beside its owner. */
    static Database serverReadOnly(Path home, PostgresServer server, HomeDatabase known) {
        return readOnly(home, new ReaderPool(server::read), server.url().toString(), session -> {
            known.require(session, server.url(), home);
            return true;
        });
    }

    /** Opens {@code HOME/state.db} beside its owner. */
    static Database readOnly(Path home) {
        Path file = home.resolve("state.db");
        if (!Files.exists(file)) {
            throw new MillwrightException(
                    RegistryError.NOT_FOUND,
                    "home: " + home + " holds no state (expected: state.db). Run a pipeline, or name another home.");
        }
        SqliteLibrary.useIfPresent(home);
        return readOnly(home, new ReaderPool(() -> readable(file)), file.toString(), session -> true);
    }

    private static Database readOnly(Path home, ReaderPool readers, String place, Query<Boolean> check) {
        Database database = new Database(
                null,
                readers,
                FileAnchor.readOnly(home.resolve("events.head")),
                place,
                RegistryOptions.Metrics.SURVIVE_KILL);
        try {
            database.read(session -> {
                Migrations.requireLatest(session);
                return check.run(session);
            });
        } catch (RuntimeException refused) {
            database.close();
            throw refused;
        }
        return database;
    }

    /** A database that lives as long as this object. Its reads queue with its writes, on the one connection there is. */
    static Database memory(InstantSource clock) {
        try {
            Session session = writable("jdbc:sqlite::memory:");
            Migrations.apply(session);
            MemoryAnchor anchor = new MemoryAnchor();
            return new Database(
                    writer(session, Database::fileIsLost, clock, anchor),
                    null,
                    anchor,
                    "memory",
                    RegistryOptions.Metrics.SURVIVE_KILL);
        } catch (SQLException failed) {
            throw SqlErrors.translate(failed);
        }
    }

    /** Catches the anchor up with a record that it agrees with; keeps it as evidence when it does not. */
    private static void align(HeadAnchor anchor, Session session) throws SQLException {
        ChainHead head = EventChain.head(session);
        switch (anchor.read()) {
            case HeadAnchor.Reading.Absent() -> anchor.advance(head);
            case HeadAnchor.Reading.At(ChainHead kept) -> {
                if (kept.equals(ChainHead.EMPTY) || EventChain.holds(session, kept)) {
                    anchor.advance(head);
                } else {
                    anchor.freeze();
                }
            }
            case HeadAnchor.Reading.Unreadable(String why) -> anchor.freeze();
        }
    }

    <T> T read(Query<T> query) {
        if (readers == null) {
            return writer().submit(Durability.PROCESS_KILL, query::run);
        }
        return readers.read(query);
    }

    /** Runs a change; when this returns, it is on the disk. */
    <T> T write(Work<T> work) {
        return writer().submit(Durability.POWER_LOSS, work);
    }

    /** Runs a change that survives the process, and the machine once a {@link #write} follows or if metrics are to. */
    <T> T log(Work<T> work) {
        return writer().submit(ofMetrics, work);
    }

    /**
     * Forgets everything, the event record too, in favour of a database that has just been made: that is quicker than
     * deleting rows. Only a database in memory can. Changes under way go to the one that is forgotten, or are refused.
     *
     * @return closes the forgotten one, and makes the next
     */
    synchronized Runnable empty(InstantSource clock) {
        if (!(anchor instanceof MemoryAnchor)) {
            throw new IllegalStateException("state: kept in files (expected: one in memory, which may be forgotten)");
        }
        Database fresh = spare == null ? memory(clock) : spare;
        spare = null;
        Writer forgotten = writer();
        anchor = fresh.anchor;
        writer = fresh.writer;
        return () -> {
            try {
                forgotten.close();
            } catch (SQLException failed) {
                throw SqlErrors.translate(failed);
            }
            prepare(clock);
        };
    }

    private synchronized void prepare(InstantSource clock) {
        if (spare == null && !closed) {
            spare = memory(clock);
        }
    }

    String place() {
        return place;
    }

    HeadAnchor anchor() {
        return anchor;
    }

    private Writer writer() {
        Writer current = writer;
        if (current == null) {
            throw new MillwrightException(
                    RegistryError.NOT_WRITABLE,
                    "registry: open for reading only (expected: the owner of the home). Ask the owner for changes.");
        }
        return current;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (spare != null) {
            spare.close();
        }
        HeadAnchor last = anchor;
        try (last) {
            try {
                closeReaders();
            } finally {
                closeWriter(); // last, since the last connection folds the log into the database
            }
        } catch (SQLException failed) {
            throw SqlErrors.translate(failed);
        }
    }

    private void closeReaders() throws SQLException {
        if (readers != null) {
            readers.close();
        }
    }

    private void closeWriter() throws SQLException {
        Writer current = writer;
        if (current != null) {
            current.close();
        }
    }

    private static Session writable(String url) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.enforceForeignKeys(true);
        config.setCacheSize(WRITER_CACHE);
        return new Session(config.createConnection(url), new SqliteDialect());
    }

    private static Session readable(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setReadOnly(true);
        config.setCacheSize(READER_CACHE);
        return new Session(config.createConnection("jdbc:sqlite:" + file), new SqliteDialect());
    }
}
