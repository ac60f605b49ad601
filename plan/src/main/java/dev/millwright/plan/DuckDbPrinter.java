package dev.millwright.plan;

import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.JoinKind;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Project;
import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.WindowCall;
import dev.millwright.plan.Relation.Windowed;
import dev.millwright.plan.window.Measure;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints a plan as one DuckDB SELECT: a chain of CTEs, one for each relation, over columns with unique names. */
final class DuckDbPrinter {
    /** Whether all that the label waits for is there. */
    private static final String KNOWN = "_known";

    private final ZoneId zone;
    private final Function<String, String> tableReference;
    private final DuckDbExpressions expressions;
    private final Optional<List<WindowStage>> stages;
    private final List<String> ctes = new ArrayList<>();

    DuckDbPrinter(ZoneId zone, Function<String, String> tableReference) {
        this(zone, tableReference, Optional.empty());
    }

    /** @param stages takes what is to be computed outside of DuckDB; empty when DuckDB computes windows, too */
    DuckDbPrinter(ZoneId zone, Function<String, String> tableReference, Optional<List<WindowStage>> stages) {
        this.zone = zone;
        this.tableReference = tableReference;
        this.expressions = new DuckDbExpressions(zone);
        this.stages = stages;
    }

    /** The outputs under their own names, then the row id, then the label and what is known of its time. */
    String print(Relation root, List<Field> outputs, Optional<FeaturePlan.Label> label) {
        String from = timed(relation(root), label.map(FeaturePlan.Label::time).orElse(LabelTime.AT_ONCE));
        List<String> columns = new ArrayList<>();
        outputs.forEach(field -> columns.add(output(field, field.name())));
        columns.add(output(root.rowId().orElseThrow(), FromTranslator.ROW_ID));
        label.ifPresent(found -> columns.addAll(label(found)));
        return select(columns, from);
    }

    private String select(List<String> columns, String from) {
        return "WITH " + String.join(",\n", ctes) + "\nSELECT " + String.join(", ", columns) + "\nFROM " + from;
    }

    private static String output(Field field, String name) {
        return output(name(field), field.type(), name);
    }

    private static String output(String value, ValueType type, String name) {
        return "CAST(" + value + " AS " + DuckDbExpressions.typeName(type) + ") AS " + DuckDbExpressions.quote(name);
    }

    private static List<String> label(FeaturePlan.Label label) {
        Field field = label.field();
        if (label.time().isAtOnce()) {
            return List.of(output(field, FeaturePlan.LABEL));
        }
        return List.of(
                output(
                        "CASE WHEN " + KNOWN + " AND NOT " + FeaturePlan.PENDING + " THEN " + name(field) + " END",
                        field.type(),
                        FeaturePlan.LABEL),
                output(FeaturePlan.PENDING, ValueType.BOOLEAN, FeaturePlan.PENDING),
                output(FeaturePlan.LABEL_TIME, ValueType.TIMESTAMP, FeaturePlan.LABEL_TIME));
    }

    /** Adds when each row's label is known, and whether that is still to come. */
    private String timed(String rows, LabelTime time) {
        if (time.isAtOnce()) {
            return rows;
        }
        List<String> moments = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (LabelTime.Wait wait : time.known()) {
            String moment = expressions.print(wait.moment());
            String unmatched = wait.match()
                    .map(match -> expressions.print(match) + " IS NULL OR ")
                    .orElse("");
            moments.add(moment);
            known.add("(" + unmatched + moment + " IS NOT NULL)");
        }
        String all = String.join(" AND ", known);
        String timed = cte("SELECT *, " + all + " AS " + KNOWN + ", CASE WHEN " + all + " THEN greatest("
                + String.join(", ", moments) + ") END AS " + FeaturePlan.LABEL_TIME + " FROM " + rows);
        String pending = reached(time)
                .map(reach -> "coalesce(" + FeaturePlan.LABEL_TIME + " > (SELECT reach FROM " + reach + "), false)")
                .orElse("false");
        return cte("SELECT *, " + pending + " AS " + FeaturePlan.PENDING + " FROM " + timed);
    }

    /** The latest moment that the data know of; empty where no table says when its rows happened. */
    private Optional<String> reached(LabelTime time) {
        List<String> latest = time.reaches().stream()
                .map(reach -> "(SELECT max(" + name(reach.field()) + ") FROM " + relation(reach.relation()) + ")")
                .toList();
        return latest.isEmpty()
                ? Optional.empty()
                : Optional.of(cte("SELECT greatest(" + String.join(", ", latest) + ") AS reach"));
    }

    private static String name(Field field) {
        return DuckDbExpressions.quote(field.uniqueName());
    }

    /** Adds the relation as a CTE and gives its name. */
    private String relation(Relation relation) {
        String select = switch (relation) {
            case Scan scan -> scan(scan);
            case Project project -> project(project);
            case Filter filter ->
                "SELECT * FROM " + relation(filter.input()) + " WHERE " + expressions.print(filter.condition());
            case Windowed windowed -> windowed(windowed);
            case Aggregate aggregate -> aggregate(aggregate);
            case Lookup lookup -> lookup(lookup);
        };
        return cte(select);
    }

    private String cte(String select) {
        String name = "r" + (ctes.size() + 1);
        ctes.add(name + " AS (" + select + ")");
        return name;
    }

    private String scan(Scan scan) {
        String columns = scan.columns().stream()
                .map(column -> column(column) + " AS " + name(column.field()) + ", ")
                .collect(Collectors.joining());
        return "SELECT " + columns + "CAST(" + DuckDbExpressions.quote(FromTranslator.ROW_ID) + " AS BIGINT) AS "
                + name(scan.row()) + " FROM " + tableReference.apply(scan.dataset());
    }

    /** Timestamps out of range are NULL, as they are for events. */
    private static String column(Relation.ScanColumn column) {
        String value = "CAST(" + DuckDbExpressions.quote(column.column()) + " AS "
                + DuckDbExpressions.typeName(column.field().type()) + ")";
        return column.field().type() == ValueType.TIMESTAMP ? DuckDbTimes.inRange(value) : value;
    }

    private String project(Project project) {
        String input = relation(project.input());
        Stream<String> computed = project.assignments().stream()
                .map(assignment -> expressions.print(assignment.value()) + " AS " + name(assignment.field()));
        Stream<String> rowId = project.rowId().stream().map(DuckDbPrinter::name);
        return "SELECT " + Stream.concat(computed, rowId).collect(Collectors.joining(", ")) + " FROM " + input;
    }

    private String windowed(Windowed windowed) {
        return stages.map(known -> staged(windowed, known)).orElseGet(() -> inDuckDb(windowed));
    }

    /** One stage for each sort order. */
    private String staged(Windowed windowed, List<WindowStage> known) {
        Map<List<Expression>, List<WindowCall>> sorts = new LinkedHashMap<>();
        windowed.calls()
                .forEach(call -> sorts.computeIfAbsent(StageQuery.sort(call.window()), _ -> new ArrayList<>())
                        .add(call));
        Relation input = windowed.input();
        List<List<WindowCall>> groups = List.copyOf(sorts.values());
        for (List<WindowCall> group : groups.subList(0, groups.size() - 1)) {
            input = new Windowed(input, group);
        }
        DuckDbPrinter inner = new DuckDbPrinter(zone, tableReference, stages);
        String from = inner.relation(input);
        StageQuery stage = new StageQuery(input, groups.getLast(), inner.expressions);
        known.add(stage.stage(columns -> inner.select(columns, from)));
        return stage.result(StagedQuery.stage(known.size() - 1));
    }

    private String inDuckDb(Windowed windowed) {
        String input = relation(windowed.input());
        String calls = windowed.calls().stream()
                .map(call -> window(call, windowed.rowId()))
                .collect(Collectors.joining(", "));
        String computed = cte("SELECT *, " + calls + " FROM " + input);
        String checked = windowed.calls().stream()
                .map(WindowCall::aggregate)
                .filter(DuckDbPrinter::mayBeNonFinite)
                .map(call -> "CASE WHEN isfinite(" + name(call.field()) + ") THEN " + name(call.field()) + " END AS "
                        + name(call.field()))
                .collect(Collectors.joining(", "));
        return "SELECT * " + (checked.isEmpty() ? "" : "REPLACE (" + checked + ") ") + "FROM " + computed;
    }

    private static boolean mayBeNonFinite(AggregateCall call) {
        return call.function().takesOnlyNumbers() && call.field().type() == ValueType.DOUBLE;
    }

    private String window(WindowCall call, Optional<Field> rowId) {
        WindowSpec window = call.window();
        String order = expressions.print(window.order());
        String tieBreak = window.frame().unit() == Frame.Unit.ROWS ? ", " + name(rowId.orElseThrow()) : "";
        List<String> partition = new ArrayList<>(
                window.partition().stream().map(expressions::print).toList());
        if (call.aggregate().function().isPlace()) {
            partition.add("(" + order + " IS NULL)"); // such rows are seen by none, and FILTER can't say so of a place
        }
        String over = called(call.aggregate(), order, rowId) + " OVER ("
                + (partition.isEmpty() ? "" : "PARTITION BY " + String.join(", ", partition) + " ")
                + "ORDER BY " + order + " NULLS FIRST" + tieBreak + " " + frame(window.frame()) + ")";
        return cast(call.aggregate(), seen(call.aggregate(), order, over)) + " AS "
                + name(call.aggregate().field());
    }

    private String called(AggregateCall call, String order, Optional<Field> rowId) {
        String argument = argument(call);
        String byRow = " ORDER BY " + order + ", " + name(rowId.orElseThrow());
        return switch (call.function()) {
            case FIRST_VALUE -> "first_value(" + argument + byRow + " IGNORE NULLS)";
            case LAST_VALUE -> "last_value(" + argument + byRow + " IGNORE NULLS)";
            default -> function(call) + " FILTER (WHERE " + order + " IS NOT NULL)";
        };
    }

    /** A row without a time sees no row, not even those like it. */
    private static String seen(AggregateCall call, String order, String value) {
        return call.function().isPlace() ? "CASE WHEN " + order + " IS NOT NULL THEN " + value + " END" : value;
    }

    /** A sum of BIGINT is wider in DuckDB. */
    private static String cast(AggregateCall call, String value) {
        return call.function() == AggregateFunction.SUM && call.field().type() == ValueType.BIGINT
                ? "TRY_CAST(" + value + " AS BIGINT)"
                : value;
    }

    private String function(AggregateCall call) {
        return call.function() == AggregateFunction.COUNT_DISTINCT
                ? "count(DISTINCT " + argument(call) + ")"
                : call.function().name().toLowerCase(Locale.ROOT) + "(" + argument(call) + ")";
    }

    /** What is too large to be summed becomes NaN, and so does the sum. */
    private String argument(AggregateCall call) {
        String argument = call.argument().map(expressions::print).orElse("*");
        if (!mayBeNonFinite(call)
                || call.argument().filter(DuckDbPrinter::isSmall).isPresent()) {
            return argument;
        }
        return expressions.unlessLarger(argument, call.function().largest());
    }

    private static boolean isSmall(Expression expression) {
        return switch (expression) {
            case Expression.Cast cast -> cast.operand().type() != ValueType.VARCHAR;
            case Expression.Literal literal ->
                !(literal.value() instanceof Double number) || Math.abs(number) <= Measure.LARGEST_SQUARED;
            case Expression.Case cases ->
                isSmall(cases.otherwise()) && cases.branches().stream().allMatch(branch -> isSmall(branch.result()));
            default -> false;
        };
    }

    private static String frame(Frame frame) {
        String lower =
                frame.reach().isPresent() ? bound(frame.unit(), frame.reach().getAsLong()) : "UNBOUNDED PRECEDING";
        return frame.unit() + " BETWEEN " + lower + " AND " + bound(frame.unit(), frame.gap());
    }

    private static String bound(Frame.Unit unit, long back) {
        if (back == 0) {
            return "CURRENT ROW";
        }
        return switch (unit) {
            case ROWS -> back + " PRECEDING";
            case RANGE -> "INTERVAL '" + back + "' MICROSECOND PRECEDING";
        };
    }

    /** Keys are computed before rows are grouped, so that each is written once: DuckDB may not see that two long ones are the same. */
    private String aggregate(Aggregate aggregate) {
        String computed = aggregate.keys().stream()
                .map(key -> ", " + expressions.print(key.value()) + " AS " + name(key.field()))
                .collect(Collectors.joining());
        String input = cte("SELECT *" + computed + " FROM " + relation(aggregate.input()));
        String keys = aggregate.keys().stream().map(key -> name(key.field())).collect(Collectors.joining(", "));
        String calls = aggregate.calls().stream()
                .map(call -> ", " + cast(call, checked(call)) + " AS " + name(call.field()))
                .collect(Collectors.joining());
        String row = ", min(" + name(aggregate.input().rowId().orElseThrow()) + ") AS " + name(aggregate.row());
        return "SELECT " + keys + calls + row + " FROM " + input + " GROUP BY " + keys;
    }

    private String checked(AggregateCall call) {
        String value = function(call);
        return mayBeNonFinite(call) ? "CASE WHEN isfinite(" + value + ") THEN " + value + " END" : value;
    }

    private String lookup(Lookup lookup) {
        String left = relation(lookup.left());
        String right = unique(lookup, relation(lookup.right()));
        List<String> conditions = new ArrayList<>();
        lookup.keys()
                .forEach(key -> conditions.add(expressions.print(key.left()) + " = " + expressions.print(key.right())));
        lookup.asOf()
                .ifPresent(asOf -> conditions.add(expressions.print(asOf.left())
                        + (asOf.bound() == Relation.AsOf.Bound.UP_TO_NOW ? " >= " : " > ")
                        + expressions.print(asOf.right())));
        String columns = Stream.concat(
                        Stream.concat(lookup.left().fields().stream(), lookup.rowId().stream()),
                        lookup.right().fields().stream())
                .map(DuckDbPrinter::name)
                .collect(Collectors.joining(", "));
        String join =
                (lookup.asOf().isPresent() ? "ASOF " : "") + (lookup.kind() == JoinKind.LEFT ? "LEFT JOIN " : "JOIN ");
        return "SELECT " + columns + " FROM " + left + " " + join + right + " ON " + String.join(" AND ", conditions);
    }

    /** Leaves one right row for each key (and timestamp), the one with the largest row id. */
    private String unique(Lookup lookup, String right) {
        Optional<Field> rowId = lookup.right().rowId();
        if (rowId.isEmpty() || QueryTranslator.areGroups(lookup.right())) {
            return right;
        }
        List<Expression> by = new ArrayList<>(
                lookup.keys().stream().map(Relation.KeyPair::right).toList());
        lookup.asOf().ifPresent(asOf -> by.add(asOf.right()));
        return cte("SELECT * FROM " + right + " QUALIFY row_number() OVER (PARTITION BY " + expressions.list(by)
                + " ORDER BY " + name(rowId.get()) + " DESC) = 1");
    }
}
