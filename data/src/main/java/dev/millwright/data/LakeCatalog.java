package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The Iceberg tables of a lake: one a dataset, in a JDBC catalog in SQLite. Thread-safe. */
final class LakeCatalog implements AutoCloseable {
    private static final Namespace NAMESPACE = Namespace.of("millwright");

    private final Path directory;
    private @Nullable JdbcCatalog opened;

    /** Prepares a catalog; it opens with its first use, since loading every JDBC driver takes a tenth of a second. */
    LakeCatalog(Path directory) {
        this.directory = directory;
    }

    private synchronized JdbcCatalog catalog() {
        JdbcCatalog known = opened;
        if (known == null) {
            known = open(directory);
            opened = known;
        }
        return known;
    }

    private static JdbcCatalog open(Path directory) {
        JdbcCatalog catalog = new JdbcCatalog(properties -> new LocalFileIO(), null, true);
        catalog.initialize(
                "lake",
                Map.of(
                        CatalogProperties.URI,
                        "jdbc:sqlite:" + directory.resolve("lake.db"),
                        CatalogProperties.WAREHOUSE_LOCATION,
                        directory.toString(),
                        "jdbc.schema-version",
                        "V1",
                        "jdbc.journal_mode",
                        "WAL",
                        "jdbc.synchronous",
                        "FULL",
                        "jdbc.busy_timeout",
                        "10000"));
        if (!catalog.namespaceExists(NAMESPACE)) {
            catalog.createNamespace(NAMESPACE);
        }
        return catalog;
    }

    Optional<Table> find(String dataset) {
        TableIdentifier identifier = TableIdentifier.of(NAMESPACE, dataset);
        return catalog().tableExists(identifier) ? Optional.of(catalog().loadTable(identifier)) : Optional.empty();
    }

    List<String> datasets() {
        return catalog().listTables(NAMESPACE).stream()
                .map(TableIdentifier::name)
                .sorted()
                .toList();
    }

    /**
     * A transaction in which the table exists and has {@code schema}, in its order, and {@code _row_id} last, and is laid out so;
     * what the contract says of a column for people is its doc, and of personal columns no bounds are kept, by whoever writes to
     * the table. A column keeps its field id as long as it keeps name and type.
     */
    Transaction begin(String dataset, Schema schema, Contract contract, Layout layout) {
        List<Types.NestedField> fields = fields(schema, contract);
        Optional<Table> found = find(dataset);
        Transaction transaction = found.map(Table::newTransaction)
                .orElseGet(() -> catalog()
                        .newCreateTableTransaction(
                                TableIdentifier.of(NAMESPACE, dataset),
                                new org.apache.iceberg.Schema(fields),
                                PartitionSpec.unpartitioned(),
                                directory.resolve(dataset).toString(),
                                Map.of()));
        Table table = transaction.table();
        Layout wanted = layout.in(schema);
        boolean evolves = found.isPresent() && !same(table.schema().columns(), fields);
        TableBounds bounds = TableBounds.of(schema, contract);
        if (evolves || !TableLayout.of(table).equals(wanted)) {
            bounds.forget(transaction);
            TableLayout.clear(transaction);
            if (evolves) {
                evolve(transaction, table.schema(), fields);
            }
            TableLayout.set(transaction, wanted);
        }
        bounds.set(transaction);
        return transaction;
    }

    private static void evolve(Transaction transaction, org.apache.iceberg.Schema old, List<Types.NestedField> fields) {
        UpdateSchema update = transaction.updateSchema();
        for (Types.NestedField column : old.columns()) {
            if (fields.stream().noneMatch(field -> same(field, column))) {
                update.deleteColumn(column.name());
            }
        }
        String previous = null;
        for (Types.NestedField field : fields) {
            Optional<Types.NestedField> kept =
                    old.columns().stream().filter(column -> same(field, column)).findFirst();
            if (kept.isEmpty()) {
                update.addColumn(null, field.name(), field.type(), field.doc());
            } else if (!Objects.equals(kept.get().doc(), field.doc())) {
                update.updateColumnDoc(field.name(), field.doc());
            }
            if (previous == null) {
                update.moveFirst(field.name());
            } else {
                update.moveAfter(field.name(), previous);
            }
            previous = field.name();
        }
        update.commit();
    }

    private static boolean same(List<Types.NestedField> one, List<Types.NestedField> other) {
        boolean same = one.size() == other.size();
        for (int i = 0; same && i < one.size(); i++) {
            same = same(one.get(i), other.get(i))
                    && Objects.equals(one.get(i).doc(), other.get(i).doc());
        }
        return same;
    }

    private static boolean same(Types.NestedField one, Types.NestedField other) {
        return one.name().equals(other.name()) && one.type().equals(other.type());
    }

    private static List<Types.NestedField> fields(Schema schema, Contract contract) {
        List<Types.NestedField> fields = new ArrayList<>();
        for (Column column : schema.columns()) {
            fields.add(Types.NestedField.optional(
                    fields.size() + 1, column.name(), type(column.type()), doc(contract, column.name())));
        }
        fields.add(Types.NestedField.optional(fields.size() + 1, ReservedColumns.ROW_ID, Types.LongType.get()));
        return fields;
    }

    /** Null where the contract has no words for people. */
    private static @Nullable String doc(Contract contract, String column) {
        return contract.find(column)
                .map(promised -> Stream.concat(
                                promised.description().stream(), promised.unit().map(unit -> "unit: " + unit).stream())
                        .collect(Collectors.joining("; ")))
                .filter(text -> !text.isEmpty())
                .orElse(null);
    }

    private static Type type(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> Types.BooleanType.get();
            case BIGINT -> Types.LongType.get();
            case DOUBLE -> Types.DoubleType.get();
            case VARCHAR -> Types.StringType.get();
            case TIMESTAMP -> Types.TimestampType.withZone();
        };
    }

    /** The columns that users see. */
    static Schema schema(org.apache.iceberg.Schema schema) {
        return new Schema(schema.columns().stream()
                .filter(field -> !field.name().equals(ReservedColumns.ROW_ID))
                .map(field -> new Column(field.name(), type(field.type())))
                .toList());
    }

    private static ColumnType type(Type type) {
        return switch (type.typeId()) {
            case BOOLEAN -> ColumnType.BOOLEAN;
            case INTEGER, LONG -> ColumnType.BIGINT;
            case FLOAT, DOUBLE, DECIMAL -> ColumnType.DOUBLE;
            case STRING, UUID -> ColumnType.VARCHAR;
            case DATE, TIMESTAMP, TIMESTAMP_NANO -> ColumnType.TIMESTAMP;
            default -> throw new IllegalStateException(type + " (expected: a type that this lake writes)");
        };
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
