package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.Schema;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;

/**
 * Of which columns no bounds are kept in a table's metadata: those that are personal, whose least and greatest values would be
 * somebody's. Iceberg has a property of the table for each, which other writers heed, too.
 *
 * @param hidden their names
 */
record TableBounds(Set<String> hidden) {
    private static final String PREFIX = TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX;
    private static final String COUNTS = "counts";

    static TableBounds of(Schema schema, Contract contract) {
        return new TableBounds(schema.columns().stream()
                .map(Column::name)
                .filter(name -> contract.find(name)
                        .filter(column -> column.privacy() == Privacy.PERSONAL)
                        .isPresent())
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Set<String> hidden(Map<String, String> properties) {
        return properties.entrySet().stream()
                .filter(property -> property.getKey().startsWith(PREFIX)
                        && property.getValue().equals(COUNTS))
                .map(property -> property.getKey().substring(PREFIX.length()))
                .collect(Collectors.toSet());
    }

    /** Takes the properties of columns away that are not hidden any more, or may be gone. */
    void forget(Transaction transaction) {
        Set<String> known = hidden(transaction.table().properties());
        known.removeAll(hidden);
        if (!known.isEmpty()) {
            UpdateProperties update = transaction.updateProperties();
            known.forEach(name -> update.remove(PREFIX + name));
            update.commit();
        }
    }

    /** Hides the bounds of these columns, and of no others. */
    void set(Transaction transaction) {
        forget(transaction);
        Set<String> missing = new TreeSet<>(hidden);
        missing.removeAll(hidden(transaction.table().properties()));
        if (!missing.isEmpty()) {
            UpdateProperties update = transaction.updateProperties();
            missing.forEach(name -> update.set(PREFIX + name, COUNTS));
            update.commit();
        }
    }
}
