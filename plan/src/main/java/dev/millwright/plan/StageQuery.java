package dev.millwright.plan;

import dev.millwright.core.ColumnType;
import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.Relation.WindowCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints what a stage reads and what is read of it: the input's columns, and those that its functions need besides. */
final class StageQuery {
    private final Relation input;
    private final List<WindowCall> calls;
    private final DuckDbExpressions expressions;
    private final List<Field> carried;
    private final List<Expression> columns = new ArrayList<>();

    /** @param calls which share partition and order */
    StageQuery(Relation input, List<WindowCall> calls, DuckDbExpressions expressions) {
        this.input = input;
        this.calls = calls;
        this.expressions = expressions;
        this.carried =
                Stream.concat(input.fields().stream(), input.rowId().stream()).toList();
        carried.forEach(field -> columns.add(new Ref(field)));
    }

    /** What functions have to share to share a stage. */
    static List<Expression> sort(WindowSpec window) {
        List<Expression> sort = new ArrayList<>(window.partition());
        sort.add(window.order());
        return sort;
    }

    /** @param query prints columns and what follows them, up to an ORDER BY */
    WindowStage stage(Function<List<String>, String> query) {
        WindowSpec window = calls.getFirst().window();
        List<Integer> sort = sort(window).stream().map(this::position).toList();
        List<Integer> arguments = new ArrayList<>();
        List<WindowFunction> functions = new ArrayList<>();
        for (WindowCall call : calls) {
            int argument = call.aggregate()
                    .argument()
                    .map(expression -> argument(position(expression), arguments))
                    .orElse(-1);
            functions.add(new WindowFunction(
                    call.aggregate().field(),
                    call.aggregate().function(),
                    argument,
                    call.window().frame()));
        }
        List<String> order = new ArrayList<>(
                sort.stream().map(position -> name(position) + " NULLS FIRST").toList());
        input.rowId().ifPresent(id -> order.add(quoted(id)));
        List<String> printed = new ArrayList<>();
        List<WindowStage.Column> typed = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            printed.add(micros(columns.get(i)) + " AS " + name(i));
            typed.add(new WindowStage.Column(plainName(i), columns.get(i).type().column()));
        }
        return new WindowStage(
                query.apply(printed) + "\nORDER BY " + String.join(", ", order),
                typed,
                new SlidingWindows.Layout(sort.subList(0, sort.size() - 1), sort.getLast(), arguments),
                functions);
    }

    private static int argument(int column, List<Integer> arguments) {
        if (!arguments.contains(column)) {
            arguments.add(column);
        }
        return arguments.indexOf(column);
    }

    private int position(Expression expression) {
        if (!columns.contains(expression)) {
            columns.add(expression);
        }
        return columns.indexOf(expression);
    }

    private String plainName(int position) {
        return position < carried.size() ? carried.get(position).uniqueName() : "computed_" + position;
    }

    private String name(int position) {
        return DuckDbExpressions.quote(plainName(position));
    }

    private static String quoted(Field field) {
        return DuckDbExpressions.quote(field.uniqueName());
    }

    private String micros(Expression expression) {
        String value = expressions.print(expression);
        return expression.type() == ValueType.TIMESTAMP ? "epoch_us(" + value + ")" : value;
    }

    /** Reads the finished rows from a table: what was carried through, and the results. */
    String result(String table) {
        Stream<Field> results = calls.stream().map(call -> call.aggregate().field());
        return Stream.concat(carried.stream(), results)
                .map(field -> field.type().column() == ColumnType.TIMESTAMP
                        ? "make_timestamp(" + quoted(field) + ") AS " + quoted(field)
                        : quoted(field))
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + table));
    }
}
