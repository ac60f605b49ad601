package dev.millwright.data;

import dev.millwright.core.Column;
import java.util.List;

/**
 * Rows that should, or should not, have a partner in another table: one whose {@code others} equal their {@code columns}. A row that
 * misses one of its values asks for none.
 *
 * @param columns as many as {@code others}, and of types that can be equal
 * @param polarity negated where there must be no partner
 * @param dataset may be the one that the rows are of
 */
record Reference(List<Column> columns, Expectation.Polarity polarity, String dataset, List<String> others) {
    Reference {
        columns = List.copyOf(columns);
        others = List.copyOf(others);
    }
}
