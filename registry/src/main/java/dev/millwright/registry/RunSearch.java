package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.SearchPosition.After;
import dev.millwright.registry.SearchPosition.Offset;
import dev.millwright.registry.SearchSpace.Attribute;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Searches runs by what was logged to them. There are two ways to a page: to sort all that can match, when some part of the
 * filter leads to few candidates; or to walk along an index that has the order, until the page is full.
 */
final class RunSearch {
    static final int LARGEST_PAGE = 50_000;

    private static final int RUNS_PER_STATEMENT = 500;
    /** As many candidates are sorted without a thought. */
    private static final long LEAST_SORTED = 1_000;
    /** What pipelines know beyond the statuses of the protocol. */
    private static final String STATUS =
            "CASE r.status WHEN 'INTERRUPTED' THEN 'FAILED' WHEN 'REFUSED' THEN 'FAILED' ELSE r.status END";

    private static final SearchSpace SPACE = new SearchSpace(
            "runs",
            "runs r",
            "r.run_id",
            "r.deleted",
            entities(),
            attributes(),
            Map.of(
                    Entity.METRIC,
                    new Keyed("latest_metrics", "%s.run_id = r.run_id"),
                    Entity.PARAM,
                    new Keyed("params", "%s.run_id = r.run_id"),
                    Entity.TAG,
                    new Keyed("tags", "%s.run_id = r.run_id")),
            Set.of(),
            List.of(),
            List.of("r.started DESC", "r.run_id"));

    private final Session session;
    private final RunScope scope;
    private final SearchRequest request;
    private final Effort effort;
    private final List<SearchClause> clauses;
    private final List<SearchParser.Order> orders;

    private RunSearch(Session session, RunScope scope, SearchRequest request, Effort effort) {
        this.session = session;
        this.scope = scope;
        this.request = request;
        this.effort = effort;
        this.clauses = SearchParser.filter(request.filter());
        this.orders = request.orderBy().stream().map(SearchParser::order).toList();
    }

    private static Map<String, Entity> entities() {
        Map<String, Entity> entities = new LinkedHashMap<>();
        List.of("metric", "metrics").forEach(name -> entities.put(name, Entity.METRIC));
        List.of("param", "params", "parameter", "parameters").forEach(name -> entities.put(name, Entity.PARAM));
        List.of("tag", "tags").forEach(name -> entities.put(name, Entity.TAG));
        List.of("attribute", "attributes", "attr", "run").forEach(name -> entities.put(name, Entity.ATTRIBUTE));
        List.of("dataset", "datasets").forEach(name -> entities.put(name, Entity.DATASET));
        return Collections.unmodifiableMap(entities);
    }

    private static Map<String, Attribute> attributes() {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("run_id", Attribute.text("r.run_id"));
        List.of("run_name", "run name", "Run name", "Run Name")
                .forEach(name -> attributes.put(name, Attribute.text("r.name")));
        attributes.put("user_id", Attribute.text("r.user_id"));
        attributes.put("status", Attribute.text(STATUS));
        attributes.put("artifact_uri", Attribute.text("r.artifact_uri"));
        List.of("start_time", "created", "Created")
                .forEach(name -> attributes.put(name, Attribute.millis("r.started")));
        attributes.put("end_time", Attribute.millis("r.ended"));
        return Collections.unmodifiableMap(attributes);
    }

    /** Names of attributes, each once, without the synonyms that older clients use. */
    static final List<String> ATTRIBUTES =
            List.of("run_id", "run_name", "status", "start_time", "end_time", "user_id", "artifact_uri");

    /** Those of the stored statuses that clients see as one of these. */
    static List<String> statuses(List<Object> seen) {
        List<String> stored = Arrays.stream(RunStatus.values())
                .filter(status -> seen.contains(
                        switch (status) {
                            case SCHEDULED, RUNNING, FINISHED, FAILED, KILLED -> status.name();
                            case INTERRUPTED, REFUSED -> RunStatus.FAILED.name();
                        }))
                .map(RunStatus::name)
                .toList();
        return stored.isEmpty() ? List.of("none") : stored;
    }

    /** How a search is done: what it may cost, and when it rather sorts than walks. */
    record Effort(Duration limit, Choice choice) {
        static final Effort DEFAULT = new Effort(Duration.ofSeconds(10), Choice.CHEAPER);
    }

    /** Ways to a page. */
    enum Choice {
        CHEAPER,
        WALK,
        SORT
    }

    static Page<Run> run(Session session, List<String> experimentIds, SearchRequest request) throws SQLException {
        return run(session, experimentIds, request, Effort.DEFAULT);
    }

    static Page<Run> run(Session session, List<String> experimentIds, SearchRequest request, Effort effort)
            throws SQLException {
        return run(session, RunScope.of(experimentIds), request, effort);
    }

    /** Those among the runs of a list. */
    static Page<Run> run(Session session, RunFilter among, SearchRequest request) throws SQLException {
        return run(session, RunScope.of(session, among), request, Effort.DEFAULT);
    }

    private static Page<Run> run(Session session, RunScope scope, SearchRequest request, Effort effort)
            throws SQLException {
        if (request.size() > LARGEST_PAGE) {
            throw new InvalidInputException(
                    "max_results: " + request.size() + " (expected: at most " + LARGEST_PAGE + ")");
        }
        new SearchStatement(SPACE, session.dialect()).filter(request); // tells mistakes with their place
        if (scope.experiments().isEmpty()) {
            return new Page<>(List.of(), Optional.empty());
        }
        RunSearch search = new RunSearch(session, scope, request, effort);
        Page<String> ids = search.stoppedInTime();
        return new Page<>(load(session, ids.items()), ids.next());
    }

    private Page<String> stoppedInTime() throws SQLException {
        session.dialect().beginSearch(session, effort.limit());
        try {
            return ids();
        } catch (SQLException failed) {
            if (SqlErrors.isStopped(failed)) {
                throw new InvalidInputException(
                        "search: stopped after " + effort.limit().toSeconds() + " s"
                                + " (expected: what an index leads to). " + missingIndexes());
            }
            throw failed;
        } finally {
            session.dialect().endSearch(session);
        }
    }

    private Page<String> ids() throws SQLException {
        Optional<RunWalk> walk = RunWalk.of(session.dialect(), SPACE, scope, clauses, orders);
        return switch (SearchPosition.read(request.pageToken())) {
            case After after ->
                walk.orElseThrow(() -> new InvalidInputException("Invalid page token (expected: that of the same"
                                + " search, with the same order). Start from the first page."))
                        .page(session, request, Optional.of(after));
            case Offset(long rows) -> {
                Optional<RunDriver> few = rows == 0 && walksAnyhow(walk) ? Optional.empty() : fewest();
                yield rows == 0 && walk.isPresent() && few.isEmpty()
                        ? walk.get().page(session, request, Optional.empty())
                        : sorted(few);
            }
        };
    }

    /** An index that has the order, and nothing else, needs no second thought. */
    private boolean walksAnyhow(Optional<RunWalk> walk) {
        return effort.choice() == Choice.WALK
                || (effort.choice() == Choice.CHEAPER
                        && walk.isPresent()
                        && walk.get().isOfExperiment()
                        && clauses.isEmpty()
                        && scope.drivers().isEmpty());
    }

    /**
     * The shortest way to candidates, if it is so short that to sort them all costs less than to walk until the page is full.
     * With n of N runs being candidates, a walk passes some N / n runs for each row of the page; so the two cost the same when
     * n² = N · size.
     */
    private Optional<RunDriver> fewest() throws SQLException {
        long all = session.dialect().roughly(session, "runs");
        long most = effort.choice() == Choice.SORT
                ? Long.MAX_VALUE
                : Math.max(LEAST_SORTED, (long) Math.sqrt((double) all * request.size()));
        List<RunDriver> drivers = new ArrayList<>(scope.drivers());
        clauses.forEach(clause -> RunDriver.of(clause, SPACE, scope.experiments(), session.dialect())
                .ifPresent(drivers::add));
        drivers.add(RunDriver.ofExperiments(scope.experiments(), session.dialect()));
        Optional<RunDriver> fewest = Optional.empty();
        for (RunDriver driver : drivers) {
            long count = driver.count(session, most);
            if (count < most) {
                most = count;
                fewest = Optional.of(driver);
            }
        }
        return fewest;
    }

    private Page<String> sorted(Optional<RunDriver> driver) throws SQLException {
        SearchStatement statement = new SearchStatement(SPACE, session.dialect());
        driver.ifPresent(few -> statement.from(
                "(" + few.sql() + ") few " + session.dialect().innerJoin() + " runs r"
                        + session.dialect().along("runs_passed") + " ON r.run_id = few.run_id",
                few.arguments()));
        scope.restrict(statement);
        statement.filter(request);
        statement.order(request);
        return statement.page(session, request, SearchStatement::text);
    }

    /** What of the search no index leads to, in the words of the request. */
    private String missingIndexes() {
        Set<String> missing = new LinkedHashSet<>();
        if (RunWalk.of(session.dialect(), SPACE, scope, clauses, orders).isEmpty()) {
            missing.add("order_by " + String.join(", ", request.orderBy()));
        }
        for (SearchClause clause : clauses) {
            if (RunDriver.of(clause, SPACE, scope.experiments(), session.dialect())
                    .isEmpty()) {
                missing.add("filter " + clause.name() + " " + clause.comparator().symbol);
            }
        }
        return missing.isEmpty()
                ? "Of the runs that come first in this order too few match the filter: narrow it, or order by what it names."
                : "No index leads to " + String.join(", nor to ", missing)
                        + ": leave that out, or add a filter that few runs match, such as a tag or a range of start_time.";
    }

    private static List<Run> load(Session session, List<String> ids) throws SQLException {
        Map<String, Run> byId = new HashMap<>();
        for (int from = 0; from < ids.size(); from += RUNS_PER_STATEMENT) {
            RunRows.load(session, ids.subList(from, Math.min(ids.size(), from + RUNS_PER_STATEMENT)))
                    .forEach(run -> byId.put(run.id(), run));
        }
        List<Run> runs = new ArrayList<>(ids.size());
        ids.forEach(id -> runs.add(Objects.requireNonNull(byId.get(id))));
        return runs;
    }
}
