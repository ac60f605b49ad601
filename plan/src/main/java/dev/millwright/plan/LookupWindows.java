package dev.millwright.plan;

import dev.millwright.plan.Relation.WindowCall;
import dev.millwright.plan.Relation.Windowed;
import dev.millwright.plan.RowBlock.Doubles;
import dev.millwright.plan.RowBlock.Longs;
import dev.millwright.plan.RowBlock.Texts;
import dev.millwright.plan.RowBlock.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes windows over rows in memory, into the slots of their fields. */
final class LookupWindows {
    private static final int PARTITION = 0;
    private static final int TIME = 1;
    private static final int FIRST_ARGUMENT = 2;

    private final ExpressionCompiler compiler;

    LookupWindows(ExpressionCompiler compiler) {
        this.compiler = compiler;
    }

    void fill(Windowed windowed, List<@Nullable Object[]> rows) {
        Map<List<Expression>, List<WindowCall>> sorted = new LinkedHashMap<>();
        windowed.calls()
                .forEach(call -> sorted.computeIfAbsent(StageQuery.sort(call.window()), absent -> new ArrayList<>())
                        .add(call));
        sorted.values().forEach(calls -> fill(calls, rows, windowed.rowId()));
    }

    /** @param id decides among rows of one time; those of groups come in any order */
    private record Place(
            Object partition,
            @Nullable Long time,
            long id,
            @Nullable Object[] row) {
        private static final Comparator<Place> ORDER = Comparator.comparing(
                        Place::time, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Place::id);
    }

    private void fill(List<WindowCall> calls, List<@Nullable Object[]> rows, Optional<Field> rowId) {
        List<Place> places = places(calls.getFirst().window(), rows, rowId);
        List<Expression> arguments = calls.stream()
                .flatMap(call -> call.aggregate().argument().stream())
                .distinct()
                .toList();
        List<WindowFunction> functions = calls.stream()
                .map(call -> new WindowFunction(
                        call.aggregate().field(),
                        call.aggregate().function(),
                        call.aggregate().argument().map(arguments::indexOf).orElse(-1),
                        call.window().frame()))
                .toList();
        List<Integer> columns = new ArrayList<>();
        arguments.forEach(argument -> columns.add(FIRST_ARGUMENT + columns.size()));
        SlidingWindows windows = new SlidingWindows(
                new SlidingWindows.Layout(List.of(PARTITION), TIME, columns),
                functions,
                block -> results(block, FIRST_ARGUMENT + arguments.size(), functions, places));
        windows.accept(block(places, arguments));
        windows.finish();
    }

    private List<Place> places(WindowSpec window, List<@Nullable Object[]> rows, Optional<Field> rowId) {
        List<Computation> keys = compiler.compile(window.partition());
        Computation time = compiler.compile(window.order());
        Map<Object, List<Place>> partitions = new LinkedHashMap<>();
        for (@Nullable Object[] row : rows) {
            Object key = LookupIndex.key(keys, row);
            long id = rowId.filter(field -> row[field.id()] != null)
                    .map(field -> (Long) row[field.id()])
                    .orElse(0L);
            partitions
                    .computeIfAbsent(key, absent -> new ArrayList<>())
                    .add(new Place(key, (Long) time.of(row), id, row));
        }
        List<Place> places = new ArrayList<>(rows.size());
        for (List<Place> partition : partitions.values()) {
            partition.sort(Place.ORDER);
            places.addAll(partition);
        }
        return places;
    }

    private RowBlock block(List<Place> places, List<Expression> arguments) {
        int rows = places.size();
        Values[] columns = new Values[FIRST_ARGUMENT + arguments.size()];
        columns[PARTITION] = RowBlock.empty(ValueType.BIGINT, rows);
        columns[TIME] = RowBlock.empty(ValueType.TIMESTAMP, rows);
        Map<Object, Long> numbers = new HashMap<>();
        for (int row = 0; row < rows; row++) {
            Place place = places.get(row);
            put(columns[PARTITION], row, numbers.computeIfAbsent(place.partition(), absent -> (long) numbers.size()));
            put(columns[TIME], row, place.time());
        }
        for (int i = 0; i < arguments.size(); i++) {
            Values values = RowBlock.empty(arguments.get(i).type(), rows);
            Computation argument = compiler.compile(arguments.get(i));
            for (int row = 0; row < rows; row++) {
                put(values, row, argument.of(places.get(row).row()));
            }
            columns[FIRST_ARGUMENT + i] = values;
        }
        return new RowBlock(rows, columns);
    }

    private static void put(Values values, int row, @Nullable Object value) {
        values.missing()[row] = value == null;
        if (value == null) {
            return;
        }
        switch (values) {
            case Longs longs -> longs.values()[row] = value instanceof Boolean truth ? (truth ? 1 : 0) : (Long) value;
            case Doubles doubles -> doubles.values()[row] = (Double) value;
            case Texts texts -> texts.values()[row] = (String) value;
        }
    }

    private static void results(RowBlock block, int first, List<WindowFunction> functions, List<Place> places) {
        for (int i = 0; i < functions.size(); i++) {
            Field field = functions.get(i).field();
            for (int row = 0; row < block.rows(); row++) {
                places.get(row).row()[field.id()] = value(block.column(first + i), row, field.type());
            }
        }
    }

    private static @Nullable Object value(Values values, int row, ValueType type) {
        if (values.missing()[row]) {
            return null;
        }
        return switch (values) {
            case Longs longs when type == ValueType.BOOLEAN -> longs.values()[row] != 0;
            case Longs longs -> longs.values()[row];
            case Doubles doubles -> doubles.values()[row];
            case Texts texts -> texts.values()[row];
        };
    }
}
