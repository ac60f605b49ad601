package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.serving.graph.RowCondition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A SQL condition on feature rows, in which NaN and an empty text are NULL. Immutable, thread-safe. */
record FrameCondition(dev.millwright.plan.RowCondition condition) implements RowCondition {
    /** Throws {@link dev.millwright.core.InvalidInputException} with the place of each mistake. */
    static FrameCondition of(Located sql, List<Input> inputs) {
        List<Column> columns = inputs.stream()
                .map(input -> new Column(
                        input.name(), input.type() == InputType.NUMBER ? ColumnType.DOUBLE : ColumnType.VARCHAR))
                .toList();
        return new FrameCondition(dev.millwright.plan.RowCondition.of(sql.text(), sql.position(), columns));
    }

    @Override
    public List<Input> columns() {
        return condition.columns().stream()
                .map(column -> new Input(
                        column.name(), column.type() == ColumnType.DOUBLE ? InputType.NUMBER : InputType.TEXT))
                .toList();
    }

    @Override
    public boolean[] holds(Frame rows) {
        boolean[] holds = new boolean[rows.rows()];
        @Nullable Object[] values = new @Nullable Object[rows.columns().size()];
        for (int row = 0; row < holds.length; row++) {
            for (int c = 0; c < values.length; c++) {
                values[c] = value(rows.columns().get(c), row);
            }
            holds[row] = condition.holds(values);
        }
        return holds;
    }

    private static @Nullable Object value(FeatureColumn column, int row) {
        return switch (column) {
            case FeatureColumn.Numeric(String name, float[] values) -> number(values[row]);
            case FeatureColumn.Text(String name, String[] values) -> values[row].isEmpty() ? null : values[row];
        };
    }

    /** The decimal that was sent: 0.1 as a float is another number than 0.1 in a condition. */
    private static @Nullable Double number(float value) {
        if (!Float.isFinite(value)) {
            return null;
        }
        return value == (int) value ? (double) value : Double.parseDouble(Float.toString(value));
    }
}
