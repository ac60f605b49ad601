package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Session.RowMapper;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The experiments of a home. Thread-safe. */
public final class Experiments {
    private static final String SELECT = "SELECT experiment_id, name, created FROM experiments ";
    private static final RowMapper<Experiment> MAPPER =
            row -> new Experiment(row.getString(1), row.getString(2), Micros.instant(row.getLong(3)));

    private final Database database;

    Experiments(Database database) {
        this.database = database;
    }

    /** Throws ALREADY_EXISTS when the name is taken. */
    public Experiment create(String name) {
        Names.require("experiment", name);
        return database.write(transaction -> {
            if (byName(transaction, name).isPresent()) {
                throw new MillwrightException(
                        RegistryError.ALREADY_EXISTS,
                        "experiment: '" + name + "' exists (expected: a new name). Use it, or choose another.");
            }
            return insert(transaction, name);
        });
    }

    /** The experiment of that name, created if there is none. */
    public Experiment findOrCreate(String name) {
        Names.require("experiment", name);
        Optional<Experiment> known = findByName(name);
        return known.orElseGet(() -> database.write(transaction -> {
            Optional<Experiment> meanwhile = byName(transaction, name);
            return meanwhile.isPresent() ? meanwhile.get() : insert(transaction, name);
        }));
    }

    private static Experiment insert(Transaction transaction, String name) throws SQLException {
        transaction.update("INSERT INTO experiments (name, created) VALUES (?, ?)", name, transaction.now());
        Experiment created = byName(transaction, name).orElseThrow();
        transaction.append("experiment.created", created.id(), Map.of("name", name));
        return created;
    }

    private static Optional<Experiment> byName(Session session, String name) throws SQLException {
        return session.find(SELECT + "WHERE name = ?", MAPPER, name);
    }

    public Optional<Experiment> findByName(String name) {
        return database.read(session -> byName(session, name));
    }

    public Experiment load(String id) {
        return database.read(session -> require(session, id));
    }

    static Experiment require(Session session, String id) throws SQLException {
        return session.find(SELECT + "WHERE experiment_id = ?", MAPPER, id)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "experiment: " + id + " (expected: the id of an experiment)"));
    }

    /** All, oldest first. */
    public List<Experiment> list() {
        return database.read(session -> session.list(SELECT + "ORDER BY experiment_id", MAPPER));
    }
}
