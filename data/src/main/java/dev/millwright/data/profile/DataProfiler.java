package dev.millwright.data.profile;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.data.Session;
import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.ProfileRequest.Parting;
import dev.millwright.data.profile.TableQuery.Place;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Profiles tables, larger ones than memory too. Not for several threads, as its session is not. */
public final class DataProfiler {
    private final Session session;
    private final InstantSource clock;

    /** @param clock tells which timestamps lie in the future */
    public DataProfiler(Session session, InstantSource clock) {
        this.session = session;
        this.clock = clock;
    }

    /**
     * Profiles a table of the session. The same rows, request and seed give the same profile, but for its time.
     *
     * @throws InvalidInputException when a column that is asked for is not there, or nothing can be learnt from the label
     */
    public DataProfile profile(TypedTable table, ProfileRequest request) {
        TableQuery query = new TableQuery(session, table);
        Optional<Place> label = request.label().map(name -> query.column("--label", name));
        Optional<Place> entity = request.entity().map(name -> query.column("--entity", name));
        request.time().ifPresent(name -> requireTime(query.column("--time", name)));
        if (request.parting() instanceof Parting.BySource bySource) {
            requireSameColumns(table, bySource.test());
        }
        List<ColumnSummary> summaries = new ColumnStudy(query).summaries();
        Sample sample = Sample.of(query, request.seed());
        List<SampleColumn> compared = AssociationStudy.comparable(sample.columns());
        return new DataProfile(
                request.name(),
                clock.instant(),
                table.rows(),
                table.setAside(),
                summaries,
                new MissingStudy(query).patterns(summaries),
                AssociationStudy.associations(compared),
                new DuplicateStudy(query).duplicates(summaries, entity),
                new TimeStudy(query, clock.instant()).coverages(summaries),
                label.map(column -> new Leakage(query, summaries, sample, column, request).study()),
                new DataProfile.Sampling(
                        sample.rows(),
                        request.seed(),
                        Math.min(table.rows(), NumberStudy.QUANTILE_ROWS),
                        compared.size()));
    }

    /**
     * Looks for leakage alone, as {@link #profile} does.
     *
     * @param request with a label
     * @throws InvalidInputException as {@link #profile} does
     */
    public LeakageStudy leakage(TypedTable table, ProfileRequest request) {
        TableQuery query = new TableQuery(session, table);
        Place label = query.column("--label", request.label().orElseThrow());
        return new Leakage(query, new ColumnStudy(query).summaries(), Sample.of(query, request.seed()), label, request)
                .study();
    }

    private static void requireTime(Place column) {
        switch (column.column().type()) {
            case TIMESTAMP -> {}
            case BOOLEAN, BIGINT, DOUBLE, VARCHAR ->
                throw new InvalidInputException("--time: " + column.name() + " is a "
                        + column.column().type().label() + " (expected: a column of timestamps).");
        }
    }

    private static void requireSameColumns(TypedTable table, TypedTable test) {
        List<String> there = test.schema().names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        for (String name : table.schema().names()) {
            if (!there.contains(name.toLowerCase(Locale.ROOT))) {
                throw new InvalidInputException("--test: has no column " + Words.shortened(name)
                        + " (expected: the columns of the data)."
                        + Words.suggestion(name, test.schema().names()));
            }
        }
    }
}
