package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.core.Words;
import dev.millwright.data.DuckDb;
import dev.millwright.data.FeatureReplay;
import dev.millwright.data.ReplayReport;
import dev.millwright.data.ReplayRequest;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.OnlineView;
import dev.millwright.plan.PlanError;
import dev.millwright.plan.window.TileWindowStore;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Registry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replays the rows that models were trained on through their views, one at a time as an endpoint gets them, and compares with the
 * features that training sets are made of. Thread-safe.
 */
public final class FeatureVerification {
    private final Registry registry;
    private final DuckDb duck;
    private final DatasetRows rows;
    private final Origins origins;
    private final InstantSource clock;

    public FeatureVerification(Registry registry, DuckDb duck, DatasetRows rows, InstantSource clock) {
        this.registry = registry;
        this.duck = duck;
        this.rows = rows;
        this.origins = new Origins(registry);
        this.clock = clock;
    }

    /** A view as the newest version of a model has it. */
    public record Subject(String view, ModelVersion version) {}

    /**
     * What became of a view.
     *
     * @param dataset the version of its own table, as {@code flights@v3}
     * @param report empty when the view can't be computed for single events
     * @param refusal why not
     */
    public record Verdict(
            String view,
            String model,
            int version,
            String dataset,
            Optional<ReplayReport> report,
            Optional<String> refusal) {}

    /**
     * The views of the models that pipelines trained.
     *
     * @param name of a view or a model; all when empty
     * @throws InvalidInputException when there is none of that name
     */
    public List<Subject> subjects(Optional<String> name) {
        List<Subject> all = registry.models().list().stream()
                .flatMap(model -> newest(model).stream())
                .map(version -> new Subject(origins.file(version).features().view(), version))
                .toList();
        List<Subject> named = all.stream()
                .filter(subject -> name.isEmpty()
                        || name.get().equals(subject.view())
                        || name.get().equals(subject.version().model()))
                .toList();
        if (named.isEmpty() && name.isPresent()) {
            TreeSet<String> known = new TreeSet<>();
            all.forEach(subject ->
                    known.addAll(List.of(subject.view(), subject.version().model())));
            throw new InvalidInputException("VIEW: " + name.get()
                    + " (expected: a view, or a model, that a pipeline trained)."
                    + Words.suggestion(name.get(), List.copyOf(known)));
        }
        return named;
    }

    private Optional<ModelVersion> newest(RegisteredModel model) {
        return registry.models().versions(model.name()).stream()
                .sorted(Comparator.comparingInt(ModelVersion::version).reversed())
                .filter(origins::isPipelines)
                .findFirst();
    }

    /**
     * Replays all rows of the dataset version on which the subject was trained.
     *
     * @param day of rows that are compared, in the view's zone; all when empty
     * @throws MillwrightException when the rows are gone, or can't be read
     */
    public Verdict verify(Subject subject, Optional<LocalDate> day, Progress progress) {
        ModelVersion version = subject.version();
        FeaturePlan plan = origins.plan(version);
        Map<String, RecordedDataset> tables = origins.tables(version);
        RecordedDataset base = EventDoor.dataset(tables, plan.baseTable());
        String dataset = base.dataset() + "@v" + base.version();
        try {
            ReplayReport report = new FeatureReplay(duck).run(request(version, plan, tables, day), progress);
            return new Verdict(
                    subject.view(), version.model(), version.version(), dataset, Optional.of(report), Optional.empty());
        } catch (MillwrightException refused) {
            if (refused.code() != PlanError.NOT_ONLINE) {
                throw refused;
            }
            return new Verdict(
                    subject.view(),
                    version.model(),
                    version.version(),
                    dataset,
                    Optional.empty(),
                    Optional.of(String.valueOf(refused.getMessage())));
        }
    }

    private ReplayRequest request(
            ModelVersion version, FeaturePlan plan, Map<String, RecordedDataset> tables, Optional<LocalDate> day) {
        PipelineFile.Features file = origins.file(version).features();
        OnlineView view = plan.onlineView();
        Map<String, Iterable<Map<String, @Nullable Object>>> lookups = new LinkedHashMap<>();
        view.lookupTables()
                .forEach((name, schema) -> lookups.put(name, rows.all(EventDoor.dataset(tables, name), schema)));
        TileWindowStore windows =
                new TileWindowStore(view.windows(), file.online().lateness(), clock);
        return new ReplayRequest(
                view.newState(lookups, windows),
                view.eventSchema(),
                plan.stagedQuery(table -> rows.table(EventDoor.dataset(tables, table))),
                plan.output(),
                rows.table(EventDoor.dataset(tables, plan.baseTable())),
                day.map(date -> micros(date.atStartOfDay(file.zone()).toInstant()))
                        .orElse(Long.MIN_VALUE),
                day.map(date -> micros(
                                date.plusDays(1).atStartOfDay(file.zone()).toInstant()))
                        .orElse(Long.MAX_VALUE));
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
