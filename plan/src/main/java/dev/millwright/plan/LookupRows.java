package dev.millwright.plan;

import dev.millwright.core.MillwrightException;
import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.JoinKind;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Project;
import dev.millwright.plan.Relation.Scan;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes the rows of a joined relation in memory. Rows without {@code _row_id} are numbered in the order they come. */
final class LookupRows {
    private final Map<String, Iterable<Map<String, Object>>> tables;
    private final ExpressionCompiler compiler;
    private final ZoneId zone;
    private final int slots;

    LookupRows(Map<String, Iterable<Map<String, Object>>> tables, ZoneId zone, int slots) {
        this.tables = tables;
        this.compiler = new ExpressionCompiler(zone);
        this.zone = zone;
        this.slots = slots;
    }

    List<@Nullable Object[]> rows(Relation relation) {
        return switch (relation) {
            case Scan scan -> scan(scan);
            case Project project -> project(project);
            case Filter filter -> {
                Computation condition = compiler.compile(filter.condition());
                yield rows(filter.input()).stream()
                        .filter(row -> Boolean.TRUE.equals(condition.of(row)))
                        .toList();
            }
            case Lookup lookup -> lookup(lookup);
            case Aggregate aggregate -> aggregate(aggregate);
            case Relation.Windowed windowed -> {
                List<@Nullable Object[]> rows = rows(windowed.input());
                new LookupWindows(compiler).fill(windowed, rows);
                yield rows;
            }
        };
    }

    private List<@Nullable Object[]> scan(Scan scan) {
        Iterable<Map<String, Object>> given = tables.get(scan.dataset());
        if (given == null) {
            throw new MillwrightException(
                    PlanError.INVALID_EVENT,
                    scan.dataset() + ": no rows given (expected: those of each table that the view looks up)");
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Map<String, Object> values : given) {
            @Nullable Object[] row = new @Nullable Object[slots];
            for (Relation.ScanColumn column : scan.columns()) {
                row[column.field().id()] =
                        EventValues.read(column.column(), column.field().type(), values.get(column.column()), zone);
            }
            Object id =
                    EventValues.read(FromTranslator.ROW_ID, ValueType.BIGINT, values.get(FromTranslator.ROW_ID), zone);
            row[scan.row().id()] = id == null ? (Object) (long) rows.size() : id;
            rows.add(row);
        }
        return rows;
    }

    private List<@Nullable Object[]> project(Project project) {
        List<Computation> values = compiler.compile(
                project.assignments().stream().map(Relation.Assignment::value).toList());
        List<@Nullable Object[]> rows = rows(project.input());
        for (@Nullable Object[] row : rows) {
            for (int i = 0; i < values.size(); i++) {
                row[project.assignments().get(i).field().id()] = values.get(i).of(row);
            }
        }
        return rows;
    }

    private List<@Nullable Object[]> lookup(Lookup lookup) {
        LookupIndex index = new LookupIndex(lookup, rows(lookup.right()), compiler);
        LookupMatch match = new LookupMatch(lookup, compiler);
        List<@Nullable Object[]> joined = new ArrayList<>();
        for (@Nullable Object[] row : rows(lookup.left())) {
            if (match.fill(row, index) || lookup.kind() == JoinKind.LEFT) {
                joined.add(row);
            }
        }
        return joined;
    }

    private List<@Nullable Object[]> aggregate(Aggregate aggregate) {
        List<Computation> keys = compiler.compile(
                aggregate.keys().stream().map(Relation.Assignment::value).toList());
        List<Computation> arguments = new ArrayList<>();
        aggregate
                .calls()
                .forEach(call ->
                        arguments.add(call.argument().map(compiler::compile).orElse(row -> true)));
        Map<List<@Nullable Object>, List<Accumulator>> groups = new LinkedHashMap<>();
        for (@Nullable Object[] row : rows(aggregate.input())) {
            List<Accumulator> group = groups.computeIfAbsent(
                    LookupIndex.key(keys, row),
                    absent -> aggregate.calls().stream().map(Accumulator::of).toList());
            for (int i = 0; i < group.size(); i++) {

                group.get(i).add(arguments.get(i).of(row));
            }
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        groups.forEach((key, group) -> rows.add(groupRow(aggregate, key, group)));
        return rows;
    }

    private @Nullable Object[] groupRow(Aggregate aggregate, List<@Nullable Object> key, List<Accumulator> group) {
        @Nullable Object[] row = new @Nullable Object[slots];
        for (int i = 0; i < key.size(); i++) {
            row[aggregate.keys().get(i).field().id()] = key.get(i);
        }
        for (int i = 0; i < group.size(); i++) {
            row[aggregate.calls().get(i).field().id()] = group.get(i).result();
        }
        return row;
    }
}
