package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import dev.millwright.data.ContractChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds how a contract differs from that of the version before. Only what was promised can be changed: a first promise about a
 * column is no change of one, and what nobody promised may come and go.
 */
final class ContractComparison {
    private final Schema columnsBefore;
    private final Contract after;
    private final List<ContractChange> changes = new ArrayList<>();

    private ContractComparison(Schema columnsBefore, Contract after) {
        this.columnsBefore = columnsBefore;
        this.after = after;
    }

    /**
     * Compares two contracts.
     *
     * @param columnsBefore of the version before, promised or not
     * @param found columns that the source has now
     */
    static List<ContractChange> compare(Contract before, Schema columnsBefore, Contract after, Schema found) {
        ContractComparison comparison = new ContractComparison(columnsBefore, after);
        before.columns().forEach(column -> comparison.promised(column, found));
        found.columns().forEach(comparison::found);
        return comparison.changes;
    }

    private void promised(ColumnContract was, Schema found) {
        after.find(was.name()).ifPresentOrElse(now -> column(was, now), () -> {
            boolean there = found.find(was.name()).isPresent();
            add(was.name(), there ? Kind.WIDEN : Kind.DROP, words(was), there ? "nothing is promised" : "no column");
        });
    }

    private void found(Column column) {
        if (columnsBefore.find(column.name()).isEmpty()) {
            add(column.name(), Kind.ADD, "no column", "a " + column.type().label() + " column");
        }
    }

    private void column(ColumnContract was, ColumnContract now) {
        was.type().ifPresent(type -> type(now, type));
        if (was.unit().isPresent() && !was.unit().equals(now.unit())) {
            add(now.name(), Kind.UNIT, unit(was), unit(now));
        }
        if (comparable(was, now)) {
            changes.addAll(new RuleComparison(was, now).changes());
        }
    }

    private void type(ColumnContract column, ColumnType was) {
        String before = was.label();
        if (column.type().isEmpty()) {
            add(column.name(), Kind.WIDEN, before, "of no promised type");
        } else if (column.type().get() != was) {
            ColumnType now = column.type().get();
            Kind kind = !was.isNumeric() || !now.isNumeric()
                    ? Kind.RETYPE
                    : now == ColumnType.DOUBLE ? Kind.WIDEN : Kind.NARROW;
            add(column.name(), kind, before, now.label());
        }
    }

    /** Whether the values that rules speak of are of one kind. */
    private static boolean comparable(ColumnContract was, ColumnContract now) {
        return was.type().equals(now.type())
                || (was.type().filter(ColumnType::isNumeric).isPresent()
                        && now.type().filter(ColumnType::isNumeric).isPresent());
    }

    private static String unit(ColumnContract column) {
        return column.unit().orElse("no unit");
    }

    private static String words(ColumnContract column) {
        String promises = Stream.concat(column.type().stream().map(ColumnType::label), column.promises().stream())
                .collect(Collectors.joining(", "));
        return promises.isEmpty() ? "a column" : promises;
    }

    private void add(String column, Kind kind, String before, String after) {
        changes.add(new ContractChange(column, kind, before, after));
    }
}
