package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a source promises of its columns.
 *
 * @param columns in the order of the contract, each name once
 * @param others what becomes of columns that it doesn't name
 * @param evolution what may change from the version before to this one; no promise itself, and not stored with a version
 */
public record Contract(List<ColumnContract> columns, OtherColumns others, Evolution evolution) {
    /** Promises nothing. */
    public static final Contract NONE = of();

    public Contract {
        columns = List.copyOf(columns);
    }

    /** A contract that may change as contracts usually may. */
    public Contract(List<ColumnContract> columns, OtherColumns others) {
        this(columns, others, Evolution.DEFAULT);
    }

    public Contract withEvolution(Evolution value) {
        return new Contract(columns, others, value);
    }

    /** What is promised, whatever may change. */
    Contract promises() {
        return withEvolution(Evolution.DEFAULT);
    }

    /** A contract that lets other columns be. */
    public static Contract of(ColumnContract... columns) {
        return new Contract(List.of(columns), OtherColumns.KEEP);
    }

    /** A contract about types alone. */
    public static Contract ofTypes(Map<String, ColumnType> types) {
        return new Contract(
                types.entrySet().stream()
                        .map(entry -> ColumnContract.of(entry.getKey(), entry.getValue()))
                        .toList(),
                OtherColumns.KEEP);
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

    /** The contract as JSON, as a version keeps it: the columns with their rules, and what becomes of others. */
    public String json() {
        return ContractJson.write(this);
    }

    /** What is promised of values, as expectations of rows. */
    List<Expectation.OfRow> checks() {
        return columns.stream()
                .flatMap(column -> column.rules().stream().map(rule -> rule.about(column.name())))
                .toList();
    }
}
