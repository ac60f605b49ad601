package dev.millwright.plan;

import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;

/** The columns that expressions can name: those of each entry of a FROM. Names are matched without regard to case. */
record Scope(List<Entry> entries) {

    /**
     * @param alias what qualifies the columns
     * @param open whether the columns aren't known, since the table was reported as unknown: every name is accepted then
     */
    record Entry(String alias, List<Field> fields, boolean open) {
        Entry {
            fields = List.copyOf(fields);
        }
    }

    Scope {
        entries = List.copyOf(entries);
    }

    Scope with(Scope other) {
        List<Entry> both = new ArrayList<>(entries);
        both.addAll(other.entries);
        return new Scope(both);
    }

    boolean isOpen() {
        return entries.stream().anyMatch(Entry::open);
    }

    List<Field> fields() {
        return entries.stream().flatMap(entry -> entry.fields().stream()).toList();
    }

    Optional<Entry> entry(String alias) {
        return entries.stream()
                .filter(entry -> entry.alias().equalsIgnoreCase(alias))
                .findFirst();
    }

    /** The fields that an unqualified name means: none, one, or several when it is ambiguous. */
    List<Field> find(String name) {
        return fields().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .toList();
    }

    Expression resolve(SqlIdentifier identifier, Reporter reporter) {
        return switch (identifier.names.size()) {
            case 1 -> resolve(identifier, find(identifier.getSimple()), fields(), isOpen(), reporter);
            case 2 -> qualified(identifier, reporter);
            default ->
                reporter.broken(
                        identifier, reporter.text(identifier) + ": too many parts (expected: column, or table.column)");
        };
    }

    private Expression qualified(SqlIdentifier identifier, Reporter reporter) {
        String alias = identifier.names.get(0);
        Optional<Entry> entry = entry(alias);
        if (entry.isEmpty()) {
            List<String> aliases = entries.stream().map(Entry::alias).toList();
            return reporter.broken(
                    identifier,
                    alias + ": not in FROM (expected: one of its tables)." + Words.suggestion(alias, aliases));
        }
        String name = identifier.names.get(1);
        List<Field> fields = entry.get().fields();
        List<Field> found = fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .toList();
        return resolve(identifier, found, fields, entry.get().open(), reporter);
    }

    private static Expression resolve(
            SqlIdentifier identifier, List<Field> found, List<Field> candidates, boolean open, Reporter reporter) {
        String name = identifier.names.getLast();
        if (found.size() == 1) {
            Field field = found.getFirst();
            return field.type() == ValueType.BROKEN ? new Expression.Broken() : new Expression.Ref(field);
        }
        if (found.size() > 1) {
            return reporter.broken(
                    identifier,
                    name + ": in more than one table (expected: one). Write the table before it, as in t." + name
                            + ".");
        }
        if (open) {
            return new Expression.Broken();
        }
        List<String> names = candidates.stream().map(Field::name).distinct().toList();
        return reporter.broken(
                identifier, name + ": unknown column (expected: one that FROM has)." + Words.suggestion(name, names));
    }
}
