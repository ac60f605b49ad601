package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import dev.millwright.plan.StagedQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingSetTest {
    private static final SplitSpec RANDOM = new SplitSpec.Random(0.3, 0.2, 7, SplitSpec.Stratify.BY_CLASS);
    private static final List<Input> INPUTS = List.of(new Input("x", InputType.NUMBER), new Input("s", InputType.TEXT));

    /** 1,000 rows, every tenth positive, every hundredth without a label; ten rows share an instant. */
    private static final String VIEW = """
            SELECT i::BIGINT AS _row_id, CASE WHEN i % 7 = 0 THEN NULL ELSE i / 2.0 END AS x,
                   CASE WHEN i % 3 = 0 THEN NULL ELSE 'it''s ' || (i % 5) END AS s,
                   TIMESTAMP '2024-01-01' + INTERVAL 1 DAY * (i // 10) AS time,
                   CASE WHEN i % 100 = 99 THEN NULL ELSE i % 10 = 0 END AS _label FROM range(1000) t(i)""";

    @TempDir
    Path folder;

    private DuckDb duck;

    @BeforeEach
    void open() {
        duck = new DuckDb(new DuckDb.Settings(1000, 2, folder.resolve("temporary")));
    }

    @AfterEach
    void close() {
        duck.close();
    }

    private TrainingSetInfo write(String view, ColumnType label, SplitSpec split, Optional<Task> task) {
        return write(view, label, split, task, "set [1]*.parquet");
    }

    private TrainingSetInfo write(String view, ColumnType label, SplitSpec split, Optional<Task> task, String name) {
        return new TrainingSetWriter(duck)
                .write(
                        new TrainingSetRequest(
                                StagedQuery.of(view),
                                StagedQuery.of(view),
                                view.contains("_pending") ? LabelTiming.LATER : LabelTiming.AT_ONCE,
                                label,
                                task,
                                split,
                                Optional.empty(),
                                folder.resolve(name)),
                        Progress.NONE);
    }

    private LabelledFrame read(TrainingSetInfo info, Split split) {
        return TrainingSet.read(duck, info.path(), INPUTS, info.task(), info.classNames(), split);
    }

    @Test
    void splitsEachClassExactly_andCountsWhatHasNoLabel() {
        TrainingSetInfo info = write(VIEW, ColumnType.BOOLEAN, RANDOM, Optional.empty());

        assertThat(info.task()).isEqualTo(Task.BINARY);
        assertThat(info.unlabelled()).isEqualTo(10);
        assertThat(info.classes())
                .containsExactly(
                        new TrainingSetInfo.ClassCount("false", 498, 125, 267),
                        new TrainingSetInfo.ClassCount("true", 56, 14, 30));
        assertThat(info.train() + info.validation() + info.test()).isEqualTo(990);
    }

    @Test
    void readsWhatWasWritten() {
        TrainingSetInfo info = write(VIEW, ColumnType.BOOLEAN, RANDOM, Optional.empty());
        Set<Long> ids = new HashSet<>();
        for (Split split : Split.values()) {
            LabelledFrame part = read(info, split);
            FeatureColumn.Numeric x = (FeatureColumn.Numeric) part.frame().column("x");
            FeatureColumn.Text s = (FeatureColumn.Text) part.frame().column("s");
            Labels.Classes labels = (Labels.Classes) part.labels();
            for (int row = 0; row < part.rows(); row++) {
                long id = part.rowIds()[row];
                assertThat(ids.add(id)).isTrue();
                assertThat(x.values()[row]).isEqualTo(Float.valueOf(id % 7 == 0 ? Float.NaN : id / 2f));
                assertThat(s.values()[row]).isEqualTo(id % 3 == 0 ? "" : "it's " + id % 5);
                assertThat(labels.indices()[row]).isEqualTo(id % 10 == 0 ? 1 : 0);
            }
            assertThat(part.timestampMicros()).isEmpty();
        }
        assertThat(ids).hasSize(990);
    }

    @Test
    void doesNotDependOnTheOrderOfTheRows() throws IOException {
        TrainingSetInfo one = write(VIEW, ColumnType.BOOLEAN, RANDOM, Optional.empty(), "one.parquet");
        TrainingSetInfo other = write(
                "SELECT * FROM (" + VIEW + ") ORDER BY hash(_row_id)",
                ColumnType.BOOLEAN,
                RANDOM,
                Optional.empty(),
                "other.parquet");
        assertThat(Files.readAllBytes(one.path())).isEqualTo(Files.readAllBytes(other.path()));
        long[] seven = read(one, Split.TEST).rowIds();
        TrainingSetInfo reseeded = write(
                VIEW,
                ColumnType.BOOLEAN,
                new SplitSpec.Random(0.3, 0.2, 8, SplitSpec.Stratify.BY_CLASS),
                Optional.empty());
        assertThat(read(reseeded, Split.TEST).rowIds()).isNotEqualTo(seven);
    }

    @Test
    void cutsAtAnInstant_soThatTiesStayTogether() {
        TrainingSetInfo info =
                write(VIEW, ColumnType.BOOLEAN, new SplitSpec.ByTime("time", 0.304, 0.2), Optional.empty());

        assertThat(info.testFrom()).contains(Instant.parse("2024-03-11T00:00:00Z"));
        assertThat(info.validationFrom()).contains(Instant.parse("2024-02-26T00:00:00Z"));
        assertThat(info.test()).isEqualTo(297);
        assertThat(info.validation()).isEqualTo(138);
        LabelledFrame test = read(info, Split.TEST);
        assertThat(test.timestampMicros()).isSorted();
        assertThat(test.timestampMicros()[0])
                .isEqualTo(Instant.parse("2024-03-11T00:00:00Z").toEpochMilli() * 1000);
        assertThat(Arrays.stream(read(info, Split.VALIDATION).timestampMicros())
                        .max()
                        .orElseThrow())
                .isLessThan(test.timestampMicros()[0]);
    }

    @Test
    void leavesOutRowsWithoutATime_andCountsThem() {
        String view = "SELECT * REPLACE (CASE WHEN _row_id < 5 THEN NULL ELSE time END AS time) FROM (" + VIEW + ")";
        TrainingSetInfo info =
                write(view, ColumnType.BOOLEAN, new SplitSpec.ByTime("time", 0.3, 0.2), Optional.empty());
        assertThat(info.untimed()).isEqualTo(5);
        assertThat(info.rows()).isEqualTo(985);
    }

    /** Labels that are known thirty days after their rows, of which the last is of the 9th of April. */
    private static final String LATER =
            "SELECT * REPLACE (CASE WHEN _row_id >= 700 THEN NULL ELSE _label END AS _label),"
                    + " _row_id >= 700 AS _pending, time + INTERVAL 30 DAY AS _label_time FROM (" + VIEW + ")";

    @Test
    void countsLabelsThatAreNotKnownYet_amongTheMissing() {
        TrainingSetInfo info = write(LATER, ColumnType.BOOLEAN, RANDOM, Optional.empty());

        assertThat(info.unlabelled()).isEqualTo(300 + 7);
        assertThat(info.pending()).isEqualTo(300);
        assertThat(info.purged()).isZero();
        assertThat(info.rows()).isEqualTo(693);
        assertThatThrownBy(() ->
                        TrainingSet.readRows(duck, info.path(), List.of(new Input("_label_time", InputType.NUMBER))))
                .as("what tells of the label stays out of the file")
                .hasMessageContaining("column: '_label_time' (expected: one that is there)");
    }

    @Test
    void leavesRowsOutOfATimeSplit_whoseLabelWasKnownOnlyWhenTheTestHadBegun() {
        TrainingSetInfo info =
                write(LATER, ColumnType.BOOLEAN, new SplitSpec.ByTime("time", 0.3, 0.2), Optional.empty());

        assertThat(info.testFrom()).contains(Instant.parse("2024-02-19T00:00:00Z"));
        assertThat(info.purged())
                .as("thirty days of ten rows, three of them without a label")
                .isEqualTo(297);
        assertThat(read(info, Split.VALIDATION).timestampMicros())
                .as("the label of the last is known a day before the test")
                .endsWith(Instant.parse("2024-01-19T00:00:00Z").toEpochMilli() * 1000)
                .hasSize(40);
        assertThat(info.untimed()).isZero();
        assertThatThrownBy(() -> write(
                        LATER.replace("INTERVAL 30 DAY", "INTERVAL 60 DAY"),
                        ColumnType.BOOLEAN,
                        new SplitSpec.ByTime("time", 0.3, 0.2),
                        Optional.empty()))
                .hasMessageContaining("split: no rows for train and validation")
                .hasMessageEndingWith("rows were left out since their label was known only when the test had begun");
    }

    @Test
    void refusesATimeSplit_whenThereIsOneInstant() {
        String view = "SELECT * REPLACE (TIMESTAMP '2024-01-01' AS time) FROM (" + VIEW + ")";
        assertThatThrownBy(
                        () -> write(view, ColumnType.BOOLEAN, new SplitSpec.ByTime("time", 0.3, 0.2), Optional.empty()))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("split: no rows for validation and test");
    }

    @Test
    void refusesAConstantLabel_namingIt() {
        assertThatThrownBy(() -> write(
                        "SELECT i AS _row_id, 'no' AS _label, i AS x FROM range(9) t(i)",
                        ColumnType.VARCHAR,
                        RANDOM,
                        Optional.empty()))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("label: 'no' in every row (expected: at least two different labels)");
    }

    @Test
    void refusesRowsThatAJoinRepeats() {
        assertThatThrownBy(() -> write(
                        "SELECT i // 2 AS _row_id, i AS _label FROM range(9) t(i)",
                        ColumnType.BIGINT,
                        RANDOM,
                        Optional.empty()))
                .hasMessageContaining("rows: 4 row ids are missing or stand more than once");
    }

    @ParameterizedTest
    @CsvSource({
        "VARCHAR, 'chr(97 + (i % 3)::INT)', MULTICLASS, 'a,b,c'",
        "VARCHAR, 'CASE WHEN i % 2 = 0 THEN ''Ω'' ELSE ''Z'' END', BINARY, 'Z,Ω'",
        "BIGINT, 'i % 12', MULTICLASS, '0,1,2,3,4,5,6,7,8,9,10,11'",
        "BIGINT, 'i % 2 * 500', BINARY, '0,500'",
        "BIGINT, 'i % 100', REGRESSION, ''",
        "BIGINT, '(i % 5) * 1000', REGRESSION, ''",
        "DOUBLE, '(i % 2)::DOUBLE', BINARY, '0,1'",
        "DOUBLE, '(i % 2) / 2', REGRESSION, ''",
        "DOUBLE, '(i % 3)::DOUBLE', REGRESSION, ''",
    })
    void infersTheTaskFromTheLabels(ColumnType type, String label, Task task, String classes) {
        TrainingSetInfo info = write(
                "SELECT i AS _row_id, i AS x, '' AS s, " + label + " AS _label FROM range(400) t(i)",
                type,
                RANDOM,
                Optional.empty());
        assertThat(info.task()).isEqualTo(task);
        assertThat(String.join(",", info.classNames())).isEqualTo(classes);
        assertThat(read(info, Split.TRAIN).rows()).isEqualTo((int) info.train());
    }

    @Test
    void takesATaskThatWasNamed() {
        TrainingSetInfo info = write(
                "SELECT i AS _row_id, i AS x, '' AS s, i % 3 AS _label FROM range(100) t(i)",
                ColumnType.BIGINT, RANDOM, Optional.of(Task.REGRESSION));
        assertThat(info.classes()).isEmpty();
        LabelledFrame test = read(info, Split.TEST);
        assertThat(((Labels.Values) test.labels()).values()[0]).isEqualTo((double) (test.rowIds()[0] % 3));
        assertThatThrownBy(() -> write(VIEW, ColumnType.BOOLEAN, RANDOM, Optional.of(Task.REGRESSION)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("label: boolean (expected: a number for a regression)");
    }

    @Test
    void readsRowsOfAnyParquetFile_andNamesAColumnThatIsMissing() {
        TrainingSetInfo info = write(VIEW, ColumnType.BOOLEAN, RANDOM, Optional.empty());
        Frame frame = TrainingSet.readRows(duck, info.path(), INPUTS);
        assertThat(frame.rows()).isEqualTo(990);
        assertThat(TrainingSet.readRows(duck, "SELECT true AS x, 5 AS s UNION ALL SELECT NULL, NULL", INPUTS)
                        .columns())
                .satisfiesExactly(
                        x -> assertThat(((FeatureColumn.Numeric) x).values()).containsExactly(1, Float.NaN),
                        s -> assertThat(((FeatureColumn.Text) s).values()).containsExactly("5", ""));
        assertThatThrownBy(() -> TrainingSet.readRows(duck, info.path(), List.of(new Input("tim", InputType.NUMBER))))
                .hasMessageContaining("column: 'tim' (expected: one that is there). Did you mean 'time'?");
        assertThatThrownBy(() -> TrainingSet.readRows(duck, info.path(), List.of(new Input("s", InputType.NUMBER))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("column: 's' is varchar (expected: a number or boolean)");
    }
}
