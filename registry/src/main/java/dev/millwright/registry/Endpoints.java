package dev.millwright.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.millwright.core.Event;
import dev.millwright.core.MillwrightException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What serves, and, as a query over the event record, what served when and why. Thread-safe. */
public final class Endpoints {
    private static final String SELECT =
            "SELECT name, model, created, revision, since, status, stage, plan, reason FROM endpoints ";
    /** Events about an endpoint that hold its whole route. */
    private static final String ROUTE_EVENTS = "SELECT " + EventChain.COLUMNS
            + " FROM events WHERE subject = ? AND type >= 'endpoint.' AND type < 'endpoint/'";

    private static final Rollout NOTHING = Rollout.empty("created");

    private final Database database;

    Endpoints(Database database) {
        this.database = database;
    }

    /** Creates an endpoint that serves nothing yet; its model exists. */
    public Endpoint create(String name, String model) {
        Names.endpoint(name);
        return database.write(transaction -> {
            requireFree(transaction, name, model);
            transaction.update(
                    "INSERT INTO endpoints (name, model, created, revision, status, stage, since, plan, reason)"
                            + " VALUES (?, ?, ?, 0, ?, 0, ?, ?, ?)",
                    name,
                    model,
                    transaction.now(),
                    NOTHING.status(),
                    transaction.now(),
                    NOTHING.plan(),
                    NOTHING.reason());
            transaction.append("endpoint.created", name, eventData(model, NOTHING));
            return require(transaction, name);
        });
    }

    private static void requireFree(Session session, String name, String model) throws SQLException {
        if (find(session, name).isPresent()) {
            throw new MillwrightException(
                    RegistryError.ALREADY_EXISTS, "endpoint: " + name + " exists (expected: a new name)");
        }
        if (!session.exists("SELECT 1 FROM registered_models WHERE name = ?", model)) {
            throw new MillwrightException(
                    RegistryError.NOT_FOUND, "model: " + model + " (expected: a registered model)");
        }
    }

    /**
     * Changes what serves. State and event are one transaction, so whoever swaps routes in memory does it after this returns.
     *
     * @param current the endpoint as the caller knows it; STATE_CONFLICT when somebody changed it since
     * @param change what kind of change it is, and the event's type
     */
    public Endpoint setRoute(Endpoint current, RouteChange change, Rollout next) {
        return database.write(transaction -> {
            Endpoint stored = require(transaction, current.name());
            if (stored.revision() != current.revision()) {
                throw new MillwrightException(
                        RegistryError.STATE_CONFLICT,
                        "endpoint: " + current.name() + " is at revision " + stored.revision() + " (expected: "
                                + current.revision() + "). Somebody changed it: load it again, then decide.");
            }
            store(transaction, stored, next);
            transaction.append(change.eventType(), stored.name(), eventData(stored.model(), next));
            return require(transaction, stored.name());
        });
    }

    private static void store(Transaction transaction, Endpoint endpoint, Rollout next) throws SQLException {
        transaction.update(
                "UPDATE endpoints SET revision = revision + 1, status = ?, stage = ?, since = ?, plan = ?, reason = ?"
                        + " WHERE name = ?",
                next.status(),
                next.stage(),
                transaction.now(),
                next.plan(),
                next.reason(),
                endpoint.name());
        transaction.update("DELETE FROM endpoint_routes WHERE endpoint = ?", endpoint.name());
        for (Served served : next.versions()) {
            requireReady(transaction, endpoint.model(), served.version());
            transaction.update(
                    "INSERT INTO endpoint_routes (endpoint, model, version, role, percent) VALUES (?, ?, ?, ?, ?)",
                    endpoint.name(),
                    endpoint.model(),
                    served.version(),
                    served.role(),
                    served.percent());
            LineageEdge.link(
                    transaction,
                    LineageNode.model(endpoint.model(), served.version()),
                    new LineageNode(LineageNode.Kind.ENDPOINT, endpoint.name()),
                    Json.text(Map.of("role", served.role().name())));
        }
    }

    private static void requireReady(Session session, String model, int version) throws SQLException {
        ModelVersion found = ModelRows.require(session, model, version);
        if (found.status() != ModelVersionStatus.READY) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "model version: " + found.id() + " is " + found.status() + " (expected: READY)");
        }
    }

    private static Map<String, String> eventData(String model, Rollout rollout) {
        Map<String, String> data = new TreeMap<>();
        data.put("model", model);
        data.put("status", rollout.status().name());
        data.put("stage", Integer.toString(rollout.stage()));
        data.put("versions", Json.write(rollout.versions()));
        data.put("reason", rollout.reason());
        return data;
    }

    /**
     * Changes how an endpoint keeps answers; nothing happens when it keeps them so already.
     *
     * @param plan as {@link #findCache} gives it; empty to keep none
     */
    public void setCache(String name, Optional<String> plan) {
        database.write(transaction -> {
            require(transaction, name);
            if (cache(transaction, name).equals(plan)) {
                return false;
            }
            transaction.update("DELETE FROM endpoint_caches WHERE endpoint = ?", name);
            if (plan.isPresent()) {
                transaction.update("INSERT INTO endpoint_caches (endpoint, plan) VALUES (?, ?)", name, plan.get());
            }
            // Not among the events of the route, each of which holds the whole of it.
            transaction.append("endpoint_cache.set", name, Map.of("plan", plan.orElse("none")));
            return true;
        });
    }

    /** How an endpoint keeps answers; empty when it keeps none. */
    public Optional<String> findCache(String name) {
        return database.read(session -> cache(session, name));
    }

    private static Optional<String> cache(Session session, String name) throws SQLException {
        return session.find("SELECT plan FROM endpoint_caches WHERE endpoint = ?", row -> row.getString(1), name);
    }

    public Endpoint load(String name) {
        return database.read(session -> require(session, name));
    }

    public Optional<Endpoint> find(String name) {
        return database.read(session -> find(session, name));
    }

    /** All, by name. */
    public List<Endpoint> list() {
        return database.read(session -> {
            List<Endpoint> endpoints = new ArrayList<>();
            for (String name : session.list("SELECT name FROM endpoints ORDER BY name", row -> row.getString(1))) {
                endpoints.add(require(session, name));
            }
            return List.copyOf(endpoints);
        });
    }

    private static Endpoint require(Session session, String name) throws SQLException {
        return find(session, name)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "endpoint: " + name + " (expected: one of this home)"));
    }

    private static Optional<Endpoint> find(Session session, String name) throws SQLException {
        List<Served> versions = session.list(
                "SELECT version, role, percent FROM endpoint_routes WHERE endpoint = ? ORDER BY version",
                row -> new Served(row.getInt(1), Served.Role.valueOf(row.getString(2)), row.getDouble(3)),
                name);
        return session.find(SELECT + "WHERE name = ?", row -> read(row, versions), name);
    }

    private static Endpoint read(ResultSet row, List<Served> versions) throws SQLException {
        return new Endpoint(
                row.getString(1),
                row.getString(2),
                Micros.instant(row.getLong(3)),
                row.getLong(4),
                Micros.instant(row.getLong(5)),
                new Rollout(
                        RolloutStatus.valueOf(row.getString(6)),
                        versions,
                        row.getInt(7),
                        row.getString(8),
                        row.getString(9)));
    }

    /** What served the endpoint from its creation to now, oldest first. */
    public List<TimelineEntry> timeline(String name) {
        return database.read(
                session -> session.list(ROUTE_EVENTS + " ORDER BY sequence", row -> entry(EventChain.read(row)), name));
    }

    /** What served at that instant: the last change recorded until then; empty before the endpoint existed. */
    public Optional<TimelineEntry> servedAt(String name, Instant instant) {
        return database.read(session -> session.find(
                ROUTE_EVENTS + " AND time <= ? ORDER BY sequence DESC LIMIT 1",
                row -> entry(EventChain.read(row)),
                name,
                instant));
    }

    private static TimelineEntry entry(Event event) {
        Map<String, String> data = event.data();
        return new TimelineEntry(
                event.sequence(),
                event.time(),
                event.type(),
                field(data, "model"),
                RolloutStatus.valueOf(field(data, "status")),
                Integer.parseInt(field(data, "stage")),
                Json.read(field(data, "versions"), new TypeReference<List<Served>>() {}),
                field(data, "reason"));
    }

    private static String field(Map<String, String> data, String name) {
        String value = data.get(name);
        if (value == null) {
            throw new MillwrightException(
                    RegistryError.STATE_CORRUPT, "event: without " + name + " (expected: an endpoint's route)");
        }
        return value;
    }
}
