package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowConditionTest {
    private static final Problem.Position START = new Problem.Position("graph.yaml", 3, 11);
    private static final List<Column> COLUMNS = List.of(
            new Column("age", ColumnType.DOUBLE),
            new Column("country", ColumnType.VARCHAR),
            new Column("X[0]", ColumnType.DOUBLE));

    private static RowCondition condition(String sql) {
        return RowCondition.of(sql, START, COLUMNS);
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    @Test
    void holds_whereSqlSaysSo() {
        RowCondition condition = condition("country IN ('DE', 'AT') AND NOT age <= 30");
        assertThat(condition.columns()).extracting(Column::name).containsExactly("age", "country");
        assertThat(condition.holds(row(31.0, "AT"))).isTrue();
        assertThat(condition.holds(row(30.0, "AT"))).isFalse();
        assertThat(condition.holds(row(31.0, "FR"))).isFalse();
        assertThat(condition("\"X[0]\" BETWEEN 1 AND 2").holds(row(1.5))).isTrue();
    }

    @Test
    void doesNotHold_whereSomethingIsMissing() {
        assertThat(condition("age > 30").holds(row((Object) null))).isFalse();
        assertThat(condition("NOT age > 30").holds(row((Object) null))).isFalse();
        assertThat(condition("age IS NULL").holds(row((Object) null))).isTrue();
    }

    @Test
    void namesMistakes_withTheirPlace() {
        assertThatThrownBy(() -> condition("agee > 30"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("graph.yaml:3:11: agee: unknown column")
                .hasMessageContaining("Did you mean 'age'?");
        assertThatThrownBy(() -> condition("age + 1"))
                .hasMessageContaining("condition: double (expected: a condition)");
        assertThatThrownBy(() -> condition("age > ")).hasMessageContaining("(expected: an expression in standard SQL)");
        assertThatThrownBy(() -> condition("AVG(age) > 3"))
                .hasMessageContaining("an aggregate in a condition on one row");
    }
}
