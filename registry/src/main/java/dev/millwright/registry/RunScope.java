package dev.millwright.registry;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Among which runs a search looks.
 *
 * @param experiments whose runs; a search among none finds none
 * @param filter what else the runs must be; its experiment is one of these already
 */
record RunScope(List<Long> experiments, RunFilter filter) {
    RunScope {
        experiments = List.copyOf(experiments);
    }

    static RunScope of(List<String> experimentIds) {
        return new RunScope(
                experimentIds.stream().map(Experiments::key).distinct().toList(), RunFilter.ALL);
    }

    /** Without an experiment, those of all: then too indexes lead to names and starts. */
    static RunScope of(Session session, RunFilter filter) throws SQLException {
        List<Long> experiments = filter.experimentId().isPresent()
                ? List.of(Experiments.key(filter.experimentId().get()))
                : session.list(
                        "SELECT experiment_id FROM experiments WHERE deleted IS NULL ORDER BY experiment_id",
                        row -> row.getLong(1));
        return new RunScope(experiments, filter);
    }

    boolean isOfOneExperiment() {
        return experiments.size() == 1;
    }

    /** Leaves out what is not in it. */
    void restrict(SearchStatement statement) {
        statement.among("r.experiment_id", experiments);
        filter.conditions()
                .forEach((condition, argument) ->
                        statement.where("r." + condition, argument.map(List::of).orElse(List.of())));
    }

    /** The parts of it that an index leads to. */
    List<RunDriver> drivers() {
        List<RunDriver> drivers = new ArrayList<>();
        filter.parentId().ifPresent(id -> drivers.add(RunDriver.where("d.parent_id = ?", id)));
        filter.pipeline().ifPresent(name -> drivers.add(RunDriver.where("d.pipeline = ?", name)));
        filter.status().map(RunStatus::name).ifPresent(name -> drivers.add(RunDriver.where("d.status = ?", name)));
        return drivers;
    }
}
