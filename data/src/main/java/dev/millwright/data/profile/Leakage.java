package dev.millwright.data.profile;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Task;
import dev.millwright.data.LabelInference;
import dev.millwright.data.LabelInference.Facts;
import dev.millwright.data.LabelInference.Integers;
import dev.millwright.data.profile.ColumnScorer.Scored;
import dev.millwright.data.profile.TableQuery.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for what gives a label away. */
final class Leakage {
    /** Columns that are put together: the weakest of many add little, and the work grows with their square. */
    private static final int MOST_TOGETHER = 100;

    /** Of the smaller class, or of all where the label is a number: fewer rows say too little to accuse a column. */
    private static final int ENOUGH_OF_A_CLASS = 30;

    private static final int ENOUGH_ROWS = 100;

    private final TableQuery query;
    private final List<ColumnSummary> summaries;
    private final Sample sample;
    private final Place label;
    private final ProfileRequest request;

    Leakage(TableQuery query, List<ColumnSummary> summaries, Sample sample, Place label, ProfileRequest request) {
        this.query = query;
        this.summaries = summaries;
        this.sample = sample;
        this.label = label;
        this.request = request;
    }

    /** @throws InvalidInputException when nothing can be learnt from the label */
    LeakageStudy study() {
        Target target = target();
        Optional<Codes> entity = request.entity()
                .map(name -> sample.columns()
                        .get(query.column("--entity", name).index())
                        .codes());
        byte[] folds = Folds.of(target, entity, request.seed());
        ColumnScorer scorer = new ColumnScorer(target, folds);
        Map<String, Scored> scored = new HashMap<>();
        for (Place column : query.columns()) {
            if (!column.equals(label)) {
                scored.put(column.name(), scorer.score(sample.columns().get(column.index())));
            }
        }
        List<ColumnScore> ranked = LeakageRule.ranked(
                target.task(), scored.values().stream().map(Scored::score).toList());
        Together together = new Together(scorer, folds);
        List<LeakageWarning> warnings = new ArrayList<>();
        LeakageWording wording = new LeakageWording(label.name(), target.task());
        LeakageTraces traces = new LeakageTraces(query, summaries, label, target.task(), wording);
        if (isEnough(target)) {
            LeakageRule.Verdict verdict = new LeakageRule(target.task(), ranked)
                    .judge(columns -> score(together, columns, scored).value());
            List<LeakageWarning> traced = new ArrayList<>(traces.madeFromTheLabel(verdict));
            traced.addAll(traces.missingByLabel(verdict));
            warnings.addAll(wording.of(verdict, ranked.size()));
            // A trace says why a column predicts so well; once is enough.
            warnings.removeIf(
                    warning -> traced.stream().anyMatch(trace -> trace.columns().equals(warning.columns())));
            warnings.addAll(traced);
        }
        warnings.addAll(wording.declared(request.knownAfter(), label.name()));
        request.time().ifPresent(time -> warnings.addAll(traces.knownAfter(query.column("--time", time))));
        Optional<SharedRows> shared = sharedRows();
        shared.flatMap(wording::of).ifPresent(warnings::add);
        return new LeakageStudy(
                label.name(),
                target.task(),
                wording.metric(),
                rows(target),
                target.task().isClassification() ? summaries.get(label.index()).frequent() : List.of(),
                ranked,
                score(together, ranked, scored),
                shared,
                warnings);
    }

    private static FoldScore score(Together together, List<ColumnScore> columns, Map<String, Scored> scored) {
        return together.score(columns.stream()
                .limit(MOST_TOGETHER)
                .map(column -> scored.get(column.column()))
                .toList());
    }

    private Target target() {
        SampleColumn values = sample.columns().get(label.index());
        ColumnType type = label.column().type();
        Task task = LabelInference.infer(type, facts(values));
        if (values.codes().size() < 2) {
            throw new InvalidInputException(
                    "--label: " + label.name() + " has " + values.codes().size()
                            + " different value(s) (expected: at least two, or there is nothing to learn).");
        }
        if (task == Task.REGRESSION && values instanceof SampleColumn.Numeric numbers) {
            return new Target.Numbers(numbers.values());
        }
        if (task == Task.MULTICLASS
                && 2L * values.codes().size() > values.codes().rows()) {
            throw new InvalidInputException("--label: " + label.name() + " has "
                    + values.codes().size() + " classes in " + values.codes().rows()
                    + " rows (expected: several rows of each class, or a number).");
        }
        return new Target.Classes(task, values.codes());
    }

    private static Facts facts(SampleColumn values) {
        double[] numbers = values instanceof SampleColumn.Numeric numeric
                ? Arrays.stream(numeric.values())
                        .filter(value -> !Double.isNaN(value))
                        .toArray()
                : new double[0];
        boolean whole = numbers.length > 0 && Arrays.stream(numbers).allMatch(value -> value == Math.rint(value));
        return new Facts(
                values.codes().size(),
                Arrays.stream(numbers).min().orElse(0),
                Arrays.stream(numbers).max().orElse(0),
                whole ? Integers.ALL : Integers.NOT_ALL);
    }

    private static long rows(Target target) {
        long rows = 0;
        for (int row = 0; row < target.rows(); row++) {
            rows += target.isPresent(row) ? 1 : 0;
        }
        return rows;
    }

    private static boolean isEnough(Target target) {
        return switch (target) {
            case Target.Numbers numbers -> rows(numbers) >= ENOUGH_ROWS;
            case Target.Classes classes ->
                Arrays.stream(classes.codes().counts())
                                .sorted()
                                .skip(classes.codes().size() - 2)
                                .min()
                                .orElse(0)
                        >= ENOUGH_OF_A_CLASS;
        };
    }

    private Optional<SharedRows> sharedRows() {
        Optional<Place> entity = request.entity().map(name -> query.column("--entity", name));
        Optional<Place> time = request.time().map(name -> query.column("--time", name));
        List<Place> features = query.columns().stream()
                .filter(column -> !column.equals(label)
                        && entity.filter(column::equals).isEmpty()
                        && time.filter(column::equals).isEmpty())
                .filter(column -> !DuplicateStudy.isId(summaries.get(column.index()))
                        || features().size() == 1)
                .toList();
        return features.isEmpty()
                ? Optional.empty()
                : Optional.of(new SharedRowsStudy(query, features, summaries, Optional.of(label))
                        .shared(request.parting(), sample));
    }

    private List<Place> features() {
        return query.columns().stream().filter(column -> !column.equals(label)).toList();
    }
}
