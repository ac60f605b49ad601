package dev.millwright.data;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
            session.execute("CREATE OR REPLACE TEMP TABLE " + ROWS + " AS SELECT * FROM (" + request.viewSql() + ")");
            progress.report(WHAT, 1, STEPS);
            requireUniqueIds(session);
            LabelTiming timing = timing(session);
            session.execute(labelled(request, timing));
            Task task = task(session, request);
            Splitter splitter = new Splitter(session, LABELLED, SPLIT);
            Splitter.Cuts cuts = splitter.split(request.split(), task);
            progress.report(WHAT, 2, STEPS);
            TrainingSetInfo info = describe(session, request, task, cuts, timing);
            requireParts(request.split(), info);
            write(session, request, timing);
            progress.report(WHAT, STEPS, STEPS);
            return info;
        }
    }

    private static void requireUniqueIds(Session session) {
        long repeated = session.count("SELECT count(*) - count(DISTINCT " + ReservedColumns.ROW_ID + ") FROM " + ROWS);
        if (repeated > 0) {
            throw refused("rows: " + repeated + " row ids are missing or stand more than once (expected: one row of the"
                    + " view for each row of its first table); a join probably finds several matches");
        }
    }

    /** Whether the labels of a view are known with their rows. */
    private enum LabelTiming {
        AT_ONCE,
        LATER
    }

    private static LabelTiming timing(Session session) {
        return session.query("DESCRIBE " + ROWS, row -> row.getString(1)).contains(ReservedColumns.PENDING)
                ? LabelTiming.LATER
                : LabelTiming.AT_ONCE;
    }

    /** Rows with a label (and, where it decides, a time), and what the split needs to know of them. */
    private static String labelled(TrainingSetRequest request, LabelTiming timing) {
        String time = request.timestamp()
                .map(column -> "epoch_us(CAST(" + Sql.identifier(column) + " AS TIMESTAMP))")
                .orElse("CAST(NULL AS BIGINT)");
        String known = timing == LabelTiming.LATER
                ? "epoch_us(" + ReservedColumns.LABEL_TIME + ")"
                : "CAST(NULL AS BIGINT)";
        return "CREATE OR REPLACE TEMP TABLE " + LABELLED + " AS SELECT " + ReservedColumns.ROW_ID + " AS id, "
                + time + " AS time, " + known + " AS known, " + LabelSurvey.columns(request.labelType()) + " FROM " + ROWS + " WHERE "
                + LabelSurvey.present(request.labelType())
                + (request.split() instanceof SplitSpec.ByTime ? " AND " + time + " IS NOT NULL" : "");
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
            Session session, TrainingSetRequest request, Task task, Splitter.Cuts cuts, LabelTiming timing) {
        record Counts(long train, long validation, long test) {}
        String perPart = "count(*) FILTER (WHERE part = 'train'), count(*) FILTER (WHERE part = 'validation'),"
                + " count(*) FILTER (WHERE part = 'test')";
        Counts counts = session.single(
                "SELECT " + perPart + " FROM " + SPLIT,
                row -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3)));
        List<TrainingSetInfo.ClassCount> classes = task.isClassification()
                ? session.query(
                        "SELECT class, " + perPart + " FROM " + LABELLED + " JOIN " + SPLIT
                                + " USING (id) GROUP BY class" + " ORDER BY "
                                + (request.labelType().isNumeric() ? "min(number)" : "class"),
                        row -> new TrainingSetInfo.ClassCount(
                                row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                : List.of();
        long labelled =
                session.count("SELECT count(*) FROM " + ROWS + " WHERE " + LabelSurvey.present(request.labelType()));
        long timed = session.count("SELECT count(*) FROM " + LABELLED);
        long all = session.count("SELECT count(*) FROM " + ROWS);
        long pending = timing == LabelTiming.LATER
                ? session.count("SELECT count(*) FROM " + ROWS + " WHERE " + ReservedColumns.PENDING)
                : 0;
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

    private static void write(Session session, TrainingSetRequest request, LabelTiming timing) {
        Optional<String> time = request.timestamp();
        String view = timing == LabelTiming.LATER
                ? "r.* EXCLUDE (" + ReservedColumns.PENDING + ", " + ReservedColumns.LABEL_TIME + ")"
                : "r.*";
        String columns = view + ", s.part AS " + ReservedColumns.SPLIT
                + (time.isPresent() ? ", s.time AS " + ReservedColumns.TIME : "");
        String order = (time.isPresent() ? "s.time NULLS FIRST, " : "") + "s.id";
        DurableFiles.write(
                request.out(),
                aside -> session.execute("COPY (SELECT " + columns + " FROM " + ROWS + " r JOIN " + SPLIT
                        + " s ON r." + ReservedColumns.ROW_ID + " = s.id ORDER BY " + order + ") TO "
                        + Sql.literal(aside) + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"));
    }

    static MillwrightException refused(String message) {
        return new MillwrightException(DataError.TRAINING_SET_REFUSED, message);
    }
}
