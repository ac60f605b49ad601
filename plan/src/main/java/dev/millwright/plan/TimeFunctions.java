package dev.millwright.plan;

import static dev.millwright.plan.ValueType.BIGINT;
import static dev.millwright.plan.ValueType.TIMESTAMP;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.FunctionTable.Function;
import java.util.List;

/** Functions of timestamps that are called as others are; those that name a unit are {@link TimeTranslator}'s. */
final class TimeFunctions {
    private static final Literal EPOCH = new Literal(0L, TIMESTAMP);

    private TimeFunctions() {}

    static List<Function> all() {
        return List.of(
                new Function(
                        "MAKE_TIMESTAMP",
                        "MAKE_TIMESTAMP(year, month, day, hour, minute, second)",
                        6,
                        6,
                        TIMESTAMP,
                        a -> new Call(Operation.MAKE_TIMESTAMP, TIMESTAMP, a.all(BIGINT))),
                ofEpoch("TIMESTAMP_SECONDS", "seconds", 1_000_000),
                ofEpoch("TIMESTAMP_MILLIS", "milliseconds", 1_000),
                ofEpoch("TIMESTAMP_MICROS", "microseconds", 1),
                new Function(
                        "LAST_DAY",
                        "LAST_DAY(timestamp)",
                        1,
                        1,
                        TIMESTAMP,
                        a -> a.call(Operation.LAST_DAY, TIMESTAMP, TIMESTAMP)));
    }

    private static Function ofEpoch(String name, String unit, long micros) {
        return new Function(name, name + "(" + unit + ")", 1, 1, TIMESTAMP, a -> {
            Expression length =
                    new Call(Operation.MULTIPLY_LONG, BIGINT, List.of(a.as(0, BIGINT), new Literal(micros, BIGINT)));
            return new Call(Operation.ADD_MICROS, TIMESTAMP, List.of(EPOCH, length));
        });
    }
}
