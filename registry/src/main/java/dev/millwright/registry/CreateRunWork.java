package dev.millwright.registry;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Starts a run that a client logs to; it is no entry of the event record, for it changes nothing that serves. */
final class CreateRunWork implements JointWork<Run> {
    private static final String INSERT =
            "INSERT INTO runs (run_id, experiment_id, name, kind, status, parent_id, user_id, artifact_uri, started)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final String id;
    private final TrackedRun run;
    private @Nullable Run created;

    CreateRunWork(String id, TrackedRun run) {
        this.id = id;
        this.run = run;
    }

    @Override
    public Run run(Transaction transaction) throws SQLException {
        Experiment experiment = Experiments.requireActive(transaction, run.experimentId());
        Optional<String> named = Optional.ofNullable(run.tags().get(TrackedRun.PARENT_TAG));
        boolean known =
                named.isPresent() && RunRows.find(transaction, named.get()).isPresent();
        String uri = RunRows.artifactUri(experiment.artifactLocation(), id);
        transaction.update(INSERT, row(known ? named : Optional.empty(), uri));
        RunRows.setTags(transaction, tags());
        return RunRows.require(transaction, id);
    }

    private @Nullable Object[] row(Optional<String> parent, String artifactUri) {
        return new @Nullable Object[] {
            id,
            Experiments.key(run.experimentId()),
            run.name(),
            RunKind.TRACKED,
            RunStatus.RUNNING,
            parent,
            run.user(),
            artifactUri,
            run.started()
        };
    }

    private List<RunText> tags() {
        Map<String, String> tags = new TreeMap<>(run.tags());
        tags.put(TrackedRun.NAME_TAG, run.name());
        return RunText.of(id, tags);
    }

    @Override
    public Run result() {
        return Objects.requireNonNull(created, "done together with others");
    }

    @Override
    public Set<JointWork<?>> runAll(Transaction transaction, List<JointWork<?>> group) throws SQLException {
        List<CreateRunWork> plain = new ArrayList<>();
        for (JointWork<?> work : group) {
            if (work instanceof CreateRunWork create && !create.run.tags().containsKey(TrackedRun.PARENT_TAG)) {
                plain.add(create);
            }
        }
        if (plain.isEmpty()) {
            return Set.of();
        }
        Map<Long, String> locations = locations(transaction, plain);
        plain.removeIf(create -> !locations.containsKey(Experiments.key(create.run.experimentId())));
        List<@Nullable Object[]> runs = new ArrayList<>();
        List<RunText> tags = new ArrayList<>();
        for (CreateRunWork create : plain) {
            String location = locations.getOrDefault(Experiments.key(create.run.experimentId()), "");
            String uri = RunRows.artifactUri(location, create.id);
            runs.add(create.row(Optional.empty(), uri));
            tags.addAll(create.tags());
            create.created = create.started(uri);
        }
        transaction.updateAll(INSERT, runs);
        RunRows.setTags(transaction, tags);
        return new HashSet<>(plain);
    }

    /** Of the experiments that are not deleted. */
    private static Map<Long, String> locations(Transaction transaction, List<CreateRunWork> works) throws SQLException {
        Dialect dialect = transaction.dialect();
        Map<Long, String> locations = new HashMap<>();
        transaction.visit(
                "SELECT experiment_id, artifact_location FROM experiments WHERE deleted IS NULL AND "
                        + dialect.leadsTo("experiment_id"),
                row -> {
                    locations.put(row.getLong(1), row.getString(2));
                    return true;
                },
                dialect.list(works.stream()
                        .map(work -> Experiments.key(work.run.experimentId()))
                        .distinct()
                        .toList()));
        return locations;
    }

    /** As it will be read: times are kept to the microsecond. */
    private Run started(String artifactUri) {
        return new Run(
                id,
                Long.toString(Experiments.key(run.experimentId())),
                run.name(),
                RunKind.TRACKED,
                RunStatus.RUNNING,
                Optional.empty(),
                Optional.empty(),
                Micros.instant(Micros.of(run.started())),
                Optional.empty(),
                Optional.empty(),
                run.user(),
                artifactUri,
                Lifecycle.ACTIVE);
    }
}
