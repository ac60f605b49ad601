package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a source promises of its columns. Columns that it doesn't name may be there too.
 *
 * @param columns in the order of the contract, each name once
 */
public record Contract(List<ColumnContract> columns) {
    /** Promises nothing. */
    public static final Contract NONE = new Contract(List.of());

    public Contract {
        columns = List.copyOf(columns);
    }

    /** A contract about types alone. */
    public static Contract ofTypes(Map<String, ColumnType> types) {
        return new Contract(types.entrySet().stream()
                .map(entry -> ColumnContract.of(entry.getKey(), entry.getValue()))
                .toList());
    }

    /** What is promised of the column of this name, in any case. */
    public Optional<ColumnContract> find(String name) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** The promised types, by column, in the order of the contract. */
    public Map<String, ColumnType> types() {
        Map<String, ColumnType> types = new LinkedHashMap<>();
        columns.forEach(column -> column.type().ifPresent(type -> types.put(column.name(), type)));
        return types;
    }
}
