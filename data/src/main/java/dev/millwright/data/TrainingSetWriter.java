package dev.millwright.data;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the rows of a view, with their labels and the part of the split that each belongs to, into one Parquet file. Rows
 * are sorted by timestamp and row id (or by row id alone), so equal inputs give equal files. Thread-safe.
 */
public final class TrainingSetWriter {
    private static final String ROWS = "view_rows";
    private static final String LABELLED = "labelled_rows";
    private static final String SPLIT = "split_rows";
    private static final String WHAT = "steps of the training set";
    private static final int STEPS = 4;

    /** Values that hardly repeat aren't worth a dictionary, nor slow compression: both would take longer than the features. */
    private static final String FORMAT =
            " (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1024, ROW_GROUP_SIZE 122880)";

    private final DuckDb duck;

    public TrainingSetWriter(DuckDb duck) {
        this.duck = duck;
    }

    /**
     * Writes a training set.
     *
     * @throws MillwrightException {@link DataError#TRAINING_SET_REFUSED} when the label is constant, or a part that was asked
     *     for gets no row
     * @throws dev.millwright.core.InvalidInputException when the label's type does not fit the task
     */
    public TrainingSetInfo write(TrainingSetRequest request, Progress progress) {
        try (Session session = duck.session()) {
            readLabels(session, request);
            requireUniqueIds(session);
            progress.report(WHAT, 1, STEPS);
            Task task = task(session, request);
            Splitter splitter = new Splitter(session, LABELLED, SPLIT);
            Splitter.Cuts cuts = splitter.split(request.split(), task);
            TrainingSetInfo info = describe(session, request, task, cuts);
            requireParts(request.split(), info);
            progress.report(WHAT, 2, STEPS);
            write(session, request, cuts);
            progress.report(WHAT, STEPS, STEPS);
            return info;
        }
    }

    /** What decides which rows are taken and where they go, before any feature is computed. */
    private void readLabels(Session session, TrainingSetRequest request) {
        String time = request.timestamp().map(TrainingSetWriter::micros).orElse("CAST(NULL AS BIGINT)");
        boolean later = request.timing() == LabelTiming.LATER;
        String known = later ? micros(ReservedColumns.LABEL_TIME) : "CAST(NULL AS BIGINT)";
        String pending = later ? ReservedColumns.PENDING : "false";
        try (WindowRows.Reading reading = duck.read(session, request.labels())) {
            reading.run(() -> session.execute("CREATE OR REPLACE TEMP TABLE " + ROWS + " AS SELECT "
                    + ReservedColumns.ROW_ID + " AS id, " + time + " AS time, " + known + " AS known, " + pending
                    + " AS pending, "
                    + LabelSurvey.columns(request.labelType())
                    + ", " + LabelSurvey.present(request.labelType()) + " AS labelled FROM ("
                    + request.labels().sql()
                    + ")"));
        }
        session.execute("CREATE OR REPLACE TEMP VIEW " + LABELLED + " AS SELECT id, time, known, number, class FROM "
                + ROWS + " WHERE labelled"
                + (request.split() instanceof SplitSpec.ByTime ? " AND time IS NOT NULL" : ""));
    }

    private static void requireUniqueIds(Session session) {
        long repeated = session.count("SELECT count(*) - count(DISTINCT id) FROM " + ROWS);
        if (repeated > 0) {
            throw refused("rows: " + repeated + " row ids are missing or stand more than once (expected: one row of the"
                    + " view for each row of its first table); a join probably finds several matches");
        }
    }

    private static Task task(Session session, TrainingSetRequest request) {
        LabelSurvey survey = LabelSurvey.of(session, LABELLED);
        survey.findProblem(request.labelType(), request.task()).ifPresent(problem -> {
            throw refused(problem);
        });
        Task task = request.task().orElseGet(() -> LabelInference.infer(request.labelType(), survey.facts()));
        LabelInference.require(task, request.labelType(), survey.facts());
        return task;
    }

    private static TrainingSetInfo describe(
            Session session, TrainingSetRequest request, Task task, Splitter.Cuts cuts) {
        record Counts(long train, long validation, long test) {}
        String perPart = "count(*) FILTER (WHERE part = 'train'), count(*) FILTER (WHERE part = 'validation'),"
                + " count(*) FILTER (WHERE part = 'test')";
        Counts counts = session.single(
                "SELECT " + perPart + " FROM " + SPLIT,
                row -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3)));
        List<TrainingSetInfo.ClassCount> classes = task.isClassification()
                ? session.query(
                        "SELECT class, " + perPart + " FROM " + SPLIT + " GROUP BY class ORDER BY "
                                + (request.labelType().isNumeric() ? "min(number)" : "class"),
                        row -> new TrainingSetInfo.ClassCount(
                                row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                : List.of();
        long labelled = session.count("SELECT count(*) FROM " + ROWS + " WHERE labelled");
        long timed = session.count("SELECT count(*) FROM " + LABELLED);
        long pending = session.count("SELECT count(*) FROM " + ROWS + " WHERE pending");
        long all = session.count("SELECT count(*) FROM " + ROWS);
        long used = counts.train() + counts.validation() + counts.test();
        return new TrainingSetInfo(
                request.out(),
                task,
                counts.train(),
                counts.validation(),
                counts.test(),
                all - labelled,
                pending,
                timed - used,
                labelled - timed,
                cuts.validationFrom().map(TrainingSetWriter::instant),
                cuts.testFrom().map(TrainingSetWriter::instant),
                classes);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    private static void requireParts(SplitSpec split, TrainingSetInfo info) {
        List<String> empty = new ArrayList<>();
        if (info.train() == 0) {
            empty.add("train");
        }
        if (info.validation() == 0 && split.validation() > 0) {
            empty.add("validation");
        }
        if (info.test() == 0 && split.test() > 0) {
            empty.add("test");
        }
        if (!empty.isEmpty()) {
            throw refused("split: no rows for " + String.join(" and ", empty) + " out of " + info.rows()
                    + " (expected: at least one in each part); use more rows or larger shares" + purged(info));
        }
        if (info.task().isClassification()) {
            List<TrainingSetInfo.ClassCount> trained =
                    info.classes().stream().filter(one -> one.train() > 0).toList();
            if (trained.size() < 2) {
                throw refused("split: the training rows hold only the label '"
                        + trained.getFirst().name() + "' (expected: at least two); split otherwise");
            }
        }
    }

    private static String purged(TrainingSetInfo info) {
        return info.purged() == 0
                ? ""
                : ". " + info.purged() + " rows were left out since their label was known only when the test had begun";
    }

    private void write(Session session, TrainingSetRequest request, Splitter.Cuts cuts) {
        String order = (request.timestamp().isPresent() ? ReservedColumns.TIME + " NULLS FIRST, " : "")
                + ReservedColumns.ROW_ID;
        try (WindowRows.Reading reading = duck.read(session, request.view())) {
            reading.run(() -> DurableFiles.write(
                    request.out(),
                    aside -> session.execute("COPY (" + parted(request, cuts) + " ORDER BY " + order + ") TO "
                            + Sql.literal(aside) + FORMAT)));
        }
    }

    /** A time says itself which part a row belongs to; a place in a random order has to be looked up. */
    private static String parted(TrainingSetRequest request, Splitter.Cuts cuts) {
        String view = " FROM (" + request.view().sql() + ") r";
        String time = request.timestamp().map(TrainingSetWriter::micros).orElse("NULL");
        String timed = request.timestamp().isPresent() ? ", " + time + " AS " + ReservedColumns.TIME : "";
        boolean later = request.timing() == LabelTiming.LATER;
        String columns =
                later ? "r.* EXCLUDE (" + ReservedColumns.PENDING + ", " + ReservedColumns.LABEL_TIME + ")" : "r.*";
        String taken = later ? " AND " + cuts.takes(time, micros(ReservedColumns.LABEL_TIME)) : "";
        return switch (request.split()) {
            case SplitSpec.ByTime _ ->
                "SELECT " + columns + ", " + cuts.part(time) + " AS " + ReservedColumns.SPLIT + timed + view + " WHERE "
                        + LabelSurvey.present(request.labelType()) + " AND " + time + " IS NOT NULL" + taken;
            case SplitSpec.Random _ ->
                "SELECT " + columns + ", s.part AS " + ReservedColumns.SPLIT + timed + view + " JOIN " + SPLIT
                        + " s ON r." + ReservedColumns.ROW_ID + " = s.id";
        };
    }

    private static String micros(String column) {
        return "epoch_us(CAST(" + Sql.identifier(column) + " AS TIMESTAMP))";
    }

    static MillwrightException refused(String message) {
        return new MillwrightException(DataError.TRAINING_SET_REFUSED, message);
    }
}
