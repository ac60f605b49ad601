package dev.millwright.plan;

import java.util.function.Function;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;

/** What aggregate functions and OVER mean at some place of a query. */
interface CallHandler {
    /**
     * @param arguments translates the call's arguments, in which neither is allowed
     * @return what stands for the call's value
     */
    Expression aggregate(AggregateSyntax written, Function<SqlNode, Expression> arguments);

    Expression over(SqlCall call, Function<SqlNode, Expression> arguments);

    /** For places that allow neither. */
    static CallHandler refusing(String place, Reporter reporter) {
        return new CallHandler() {
            @Override
            public Expression aggregate(AggregateSyntax written, Function<SqlNode, Expression> arguments) {
                return reporter.broken(
                        written.call(),
                        written.name() + ": an aggregate in " + place
                                + " (expected: none). Compute it as a column of a subquery or CTE with GROUP BY, or write OVER (…) in the SELECT list.");
            }

            @Override
            public Expression over(SqlCall call, Function<SqlNode, Expression> arguments) {
                return reporter.broken(
                        call,
                        "OVER: a window in " + place
                                + " (expected: none). Compute it as a column of a subquery or CTE.");
            }
        };
    }
}
