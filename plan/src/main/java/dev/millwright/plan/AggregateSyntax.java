package dev.millwright.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelectKeyword;

/**
 * A function that summarises rows, as it is written.
 *
 * @param call the function alone
 * @param name in upper case
 * @param filter what stands in {@code FILTER (WHERE …)}
 */
record AggregateSyntax(SqlCall call, String name, boolean distinct, boolean ignoresNulls, Optional<SqlNode> filter) {
    /** Names that mean a form of an {@link AggregateFunction}. */
    static final List<String> OTHER_NAMES = List.of("COUNT_IF", "LAG", "ROW_NUMBER");

    static AggregateSyntax of(SqlCall written) {
        SqlCall call = written;
        boolean ignoresNulls = false;
        Optional<SqlNode> filter = Optional.empty();
        while (call.operandCount() > 0 && call.operand(0) instanceof SqlCall inner && isWrapper(call.getKind())) {
            ignoresNulls |= call.getKind() == SqlKind.IGNORE_NULLS;
            filter = call.getKind() == SqlKind.FILTER ? Optional.of(call.operand(1)) : filter;
            call = inner;
        }
        boolean distinct = call.getFunctionQuantifier() != null
                && call.getFunctionQuantifier().getValue() == SqlSelectKeyword.DISTINCT;
        return new AggregateSyntax(
                call, call.getOperator().getName().toUpperCase(Locale.ROOT), distinct, ignoresNulls, filter);
    }

    private static boolean isWrapper(SqlKind kind) {
        return kind == SqlKind.FILTER || kind == SqlKind.IGNORE_NULLS || kind == SqlKind.RESPECT_NULLS;
    }

    /** Whether it is the name of a function that summarises. */
    static boolean isName(String name) {
        return AggregateFunction.names().contains(name.toUpperCase(Locale.ROOT));
    }
}
