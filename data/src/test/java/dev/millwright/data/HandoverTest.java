package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.ColumnType;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import dev.millwright.plan.StagedQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoverTest {
    private static final List<Input> INPUTS = List.of(new Input("s", InputType.TEXT), new Input("x", InputType.NUMBER));
    private static final String VIEW = """
            SELECT i::BIGINT AS _row_id, CASE WHEN i %% 7 = 0 THEN NULL WHEN i = 8 THEN 1e300 ELSE i / 3.0 END AS x,
                   CASE WHEN i %% 3 = 0 THEN NULL ELSE 'it''s ' || (i %% 5) END AS s,
                   %s AS _label FROM range(500) t(i)""";

    @TempDir
    private Path folder;

    private DuckDb duck;

    @BeforeEach
    void open() {
        duck = new DuckDb(new DuckDb.Settings(1000, 2, folder.resolve("temporary")));
    }

    @AfterEach
    void close() {
        duck.close();
    }

    private TrainingSetInfo write(String label, ColumnType type) {
        return new TrainingSetWriter(duck)
                .write(
                        new TrainingSetRequest(
                                StagedQuery.of(VIEW.formatted(label)),
                                StagedQuery.of(VIEW.formatted(label)),
                                LabelTiming.AT_ONCE,
                                type,
                                Optional.empty(),
                                new SplitSpec.Random(0.3, 0.2, 7, SplitSpec.Stratify.BY_CLASS),
                                Optional.empty(),
                                folder.resolve("set [1].parquet")),
                        Progress.NONE);
    }

    private List<String> columns(Path file) {
        try (Session session = duck.session()) {
            return session.query(
                    "DESCRIBE SELECT * FROM read_parquet(" + Sql.globLiteral(file) + ")",
                    row -> row.getString(1) + " " + row.getString(2));
        }
    }

    @Test
    void handsOverTheValuesThatModelsAreServedOn_inTheOrderOfTheTrainingSet() {
        TrainingSetInfo info = write("i % 2 = 0", ColumnType.BOOLEAN);
        Path out = folder.resolve("validation 'a'.parquet");

        new Handover(INPUTS, info.task(), "label").write(duck, info.path(), Split.VALIDATION, out);

        assertThat(columns(out)).containsExactly("s VARCHAR", "x FLOAT", "label BOOLEAN");
        LabelledFrame expected =
                TrainingSet.read(duck, info.path(), INPUTS, info.task(), info.classNames(), Split.VALIDATION);
        Frame found = TrainingSet.readRows(duck, out, List.of(INPUTS.get(0), INPUTS.get(1), number("label")));
        assertThat(((FeatureColumn.Text) found.column("s")).values())
                .isEqualTo(((FeatureColumn.Text) expected.frame().column("s")).values());
        assertThat(((FeatureColumn.Numeric) found.column("x")).values())
                .isEqualTo(((FeatureColumn.Numeric) expected.frame().column("x")).values())
                .contains(Float.NaN);
        int[] labels = ((Labels.Classes) expected.labels()).indices();
        float[] label = ((FeatureColumn.Numeric) found.column("label")).values();
        for (int row = 0; row < labels.length; row++) {
            assertThat(label[row]).isEqualTo(labels[row]);
        }
    }

    private static Input number(String name) {
        return new Input(name, InputType.NUMBER);
    }

    @Test
    void handsOverWholeNumbersAsClasses_andDoublesAsTargets() {
        TrainingSetInfo classes = write("i % 3", ColumnType.BIGINT);
        assertThat(classes.task()).isEqualTo(Task.MULTICLASS);
        Path out = folder.resolve("out.parquet");

        new Handover(INPUTS, classes.task(), "y").write(duck, classes.path(), Split.TRAIN, out);
        assertThat(columns(out)).endsWith("y BIGINT");

        TrainingSetInfo values = write("i", ColumnType.BIGINT);
        assertThat(values.task()).isEqualTo(Task.REGRESSION);
        new Handover(INPUTS, values.task(), "y").write(duck, values.path(), Split.TRAIN, out);
        assertThat(columns(out)).endsWith("y DOUBLE");
    }

    @Test
    void namesTheLabelAsNoFeatureIsNamed() {
        assertThat(Handover.freeLabel(INPUTS)).isEqualTo("label");
        assertThat(Handover.freeLabel(List.of(number("Label"), number("label_2"))))
                .isEqualTo("label_3");
    }
}
