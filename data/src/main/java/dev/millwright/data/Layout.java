package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the rows of a dataset lie in its files.
 *
 * @param partitions rows that differ in one of them are in different files
 * @param sortBy columns by which rows are sorted, missing values first
 */
public record Layout(List<Partition> partitions, List<String> sortBy) {
    /** One file, in the order of the source. */
    public static final Layout NONE = new Layout(List.of(), List.of());

    /** The keys of a pipeline file that it is read from. */
    public static final String PARTITION_BY = "partition_by";

    public static final String SORT_BY = "sort_by";

    private static final Pattern TRANSFORMED = Pattern.compile("([A-Za-z]+)\\s*\\(\\s*(.+?)\\s*\\)");

    /** What of a column parts the rows. */
    public enum Transform {
        /** Its value. */
        IDENTITY,
        /** The year, month, day or hour of a timestamp, in UTC. */
        YEAR,
        MONTH,
        DAY,
        HOUR;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One condition by which rows are parted. */
    public record Partition(Transform transform, String column) {
        /**
         * Reads {@code month(sched)}, or the name of a column alone.
         *
         * @throws InvalidInputException when the word before the parenthesis is no transform
         */
        public static Partition parse(String text) {
            Matcher transformed = TRANSFORMED.matcher(text.strip());
            if (!transformed.matches()) {
                return new Partition(Transform.IDENTITY, text.strip());
            }
            return Arrays.stream(Transform.values())
                    .filter(transform -> transform != Transform.IDENTITY)
                    .filter(transform -> transform.label().equalsIgnoreCase(transformed.group(1)))
                    .findFirst()
                    .map(transform -> new Partition(transform, transformed.group(2)))
                    .orElseThrow(() -> new InvalidInputException(
                            text + " (expected: a column, or year(…), month(…), day(…) or hour(…) of one)."));
        }

        @Override
        public String toString() {
            return transform == Transform.IDENTITY ? column : transform.label() + "(" + column + ")";
        }
    }

    public Layout {
        partitions = List.copyOf(partitions);
        sortBy = List.copyOf(sortBy);
    }

    public boolean isNone() {
        return partitions.isEmpty() && sortBy.isEmpty();
    }

    /** The same with columns' names as the schema writes them. */
    Layout in(Schema schema) {
        return new Layout(
                partitions.stream()
                        .map(partition -> new Partition(partition.transform(), named(schema, partition.column())))
                        .toList(),
                sortBy.stream().map(name -> named(schema, name)).toList());
    }

    private static String named(Schema schema, String name) {
        return schema.find(name).map(Column::name).orElse(name);
    }

    /**
     * Refuses what can't be done with these columns.
     *
     * @throws InvalidInputException with all that is wrong, each about its key
     */
    public void require(Schema schema, Contract contract) {
        List<Problem> problems = new ArrayList<>();
        for (Partition partition : partitions) {
            problem(partition, schema, contract)
                    .ifPresent(text ->
                            problems.add(Problem.about(PARTITION_BY, PARTITION_BY + ": " + partition + ": " + text)));
        }
        for (String name : sortBy) {
            if (schema.find(name).isEmpty()) {
                problems.add(Problem.about(SORT_BY, SORT_BY + ": " + unknown(name, schema)));
            }
        }
        repeated(partitions)
                .ifPresent(text -> problems.add(
                        Problem.about(PARTITION_BY, PARTITION_BY + ": " + text + " (expected: each once).")));
        repeated(sortBy)
                .ifPresent(text ->
                        problems.add(Problem.about(SORT_BY, SORT_BY + ": " + text + " (expected: each once).")));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private static Optional<String> repeated(List<?> parts) {
        return parts.stream()
                .map(Object::toString)
                .collect(Collectors.groupingBy(text -> text.toLowerCase(Locale.ROOT), Collectors.counting()))
                .entrySet()
                .stream()
                .filter(part -> part.getValue() > 1)
                .map(part -> part.getKey())
                .findFirst();
    }

    private static Optional<String> problem(Partition partition, Schema schema, Contract contract) {
        Optional<Column> column = schema.find(partition.column());
        if (column.isEmpty()) {
            return Optional.of(unknown(partition.column(), schema));
        }
        if (contract.find(partition.column())
                .filter(promised -> promised.privacy() == Privacy.PERSONAL)
                .isPresent()) {
            return Optional.of(
                    "a personal column (expected: another; its values would stand in the table's metadata).");
        }
        ColumnType type = column.get().type();
        boolean timed = type == ColumnType.TIMESTAMP;
        return switch (partition.transform()) {
            case IDENTITY ->
                timed
                        ? Optional.of("a timestamp (expected: what of it, as in month(" + partition.column() + ")).")
                        : type == ColumnType.DOUBLE
                                ? Optional.of("a double (expected: a varchar, bigint, boolean or timestamp).")
                                : Optional.empty();
            case YEAR, MONTH, DAY, HOUR ->
                timed ? Optional.empty() : Optional.of("a " + type.label() + " (expected: a timestamp).");
        };
    }

    private static String unknown(String name, Schema schema) {
        return name + " (expected: a column)." + Words.suggestion(name, schema.names());
    }
}
