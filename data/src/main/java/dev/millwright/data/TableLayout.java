package dev.millwright.data;

import dev.millwright.data.Layout.Partition;
import dev.millwright.data.Layout.Transform;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;

/** A {@link Layout} as Iceberg tables say it: their partition spec and sort order. */
final class TableLayout {
    private TableLayout() {}

    /** How a table is laid out; of other programs' what there is a word for. */
    static Layout of(Table table) {
        return of(table.spec(), table.sortOrder(), table.schema());
    }

    /** The same of some of its files, with the columns that they have. */
    static Layout of(PartitionSpec spec, SortOrder order, Schema schema) {
        return new Layout(
                spec.fields().stream()
                        .flatMap(field -> partition(schema, field).stream())
                        .toList(),
                order.fields().stream()
                        .filter(field -> field.transform().isIdentity())
                        .flatMap(field -> Optional.ofNullable(schema.findColumnName(field.sourceId())).stream())
                        .toList());
    }

    private static Optional<Partition> partition(Schema schema, PartitionField field) {
        String column = schema.findColumnName(field.sourceId());
        String transform = field.transform().toString();
        return column == null
                ? Optional.empty()
                : Optional.of(transform)
                        .flatMap(word -> List.of(Transform.values()).stream()
                                .filter(each -> each.label().equals(word))
                                .findFirst())
                        .map(known -> new Partition(known, column));
    }

    /** Lets the table be laid out in no way, so that its columns can change. */
    static void clear(Transaction transaction) {
        PartitionSpec spec = transaction.table().spec();
        if (spec.isPartitioned()) {
            UpdatePartitionSpec update = transaction.updateSpec();
            spec.fields().forEach(field -> update.removeField(field.name()));
            update.commit();
        }
        if (transaction.table().sortOrder().isSorted()) {
            transaction.replaceSortOrder().commit();
        }
    }

    /** Lets a table that is laid out in no way be laid out so. */
    static void set(Transaction transaction, Layout layout) {
        if (!layout.partitions().isEmpty()) {
            UpdatePartitionSpec update = transaction.updateSpec();
            for (Partition partition : layout.partitions()) {
                update.addField(name(transaction.table().schema(), partition), term(partition));
            }
            update.commit();
        }
        if (!layout.sortBy().isEmpty()) {
            ReplaceSortOrder order = transaction.replaceSortOrder();
            layout.sortBy().forEach(column -> order.asc(Expressions.ref(column), NullOrder.NULLS_FIRST));
            order.commit();
        }
    }

    /** As Iceberg names partitions by itself, unless a column has that name. */
    private static String name(Schema schema, Partition partition) {
        if (partition.transform() == Transform.IDENTITY) {
            return partition.column();
        }
        String name = partition.column() + "_" + partition.transform().label();
        while (schema.findField(name) != null) {
            name += "_";
        }
        return name;
    }

    private static Term term(Partition partition) {
        return switch (partition.transform()) {
            case IDENTITY -> Expressions.ref(partition.column());
            case YEAR -> Expressions.year(partition.column());
            case MONTH -> Expressions.month(partition.column());
            case DAY -> Expressions.day(partition.column());
            case HOUR -> Expressions.hour(partition.column());
        };
    }

    /** What of a typed value Iceberg parts by: the value, or whole units since 1970. */
    static String sql(Partition partition, String value) {
        return partition.transform() == Transform.IDENTITY
                ? value
                : "CAST(date_diff('" + partition.transform().label() + "', TIMESTAMP '1970-01-01', " + value
                        + ") AS INTEGER)";
    }
}
