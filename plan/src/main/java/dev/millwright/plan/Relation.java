package dev.millwright.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows with named columns. Each keeps the id of the dataset row that it was made from; a group has the smallest of its rows'. */
sealed interface Relation {
    List<Field> fields();

    /** The hidden column with the dataset row's id. */
    Optional<Field> rowId();

    /** A column computed from others. */
    record Assignment(Field field, Expression value) {}

    /** A dataset. */
    record Scan(String dataset, List<ScanColumn> columns, Field row) implements Relation {
        public Scan {
            columns = List.copyOf(columns);
        }

        @Override
        public List<Field> fields() {
            return columns.stream().map(ScanColumn::field).toList();
        }

        /** The field of a column of the dataset. */
        Field field(String column) {
            return columns.stream()
                    .filter(each -> each.column().equalsIgnoreCase(column))
                    .findFirst()
                    .orElseThrow()
                    .field();
        }

        @Override
        public Optional<Field> rowId() {
            return Optional.of(row);
        }
    }

    /** @param column the name in the dataset */
    record ScanColumn(Field field, String column) {}

    record Project(Relation input, List<Assignment> assignments) implements Relation {
        public Project {
            assignments = List.copyOf(assignments);
        }

        @Override
        public List<Field> fields() {
            return assignments.stream().map(Assignment::field).toList();
        }

        @Override
        public Optional<Field> rowId() {
            return input.rowId();
        }
    }

    /** The rows for which the condition is TRUE. */
    record Filter(Relation input, Expression condition) implements Relation {
        @Override
        public List<Field> fields() {
            return input.fields();
        }

        @Override
        public Optional<Field> rowId() {
            return input.rowId();
        }
    }

    record WindowCall(AggregateCall aggregate, WindowSpec window) {}

    /** The input's columns and one for each call. */
    record Windowed(Relation input, List<WindowCall> calls) implements Relation {
        public Windowed {
            calls = List.copyOf(calls);
        }

        @Override
        public List<Field> fields() {
            List<Field> fields = new ArrayList<>(input.fields());
            calls.forEach(call -> fields.add(call.aggregate().field()));
            return fields;
        }

        @Override
        public Optional<Field> rowId() {
            return input.rowId();
        }
    }

    /**
     * One row for each combination of the keys; NULLs are a group.
     *
     * @param row the smallest row id of the group
     */
    record Aggregate(Relation input, List<Assignment> keys, List<AggregateCall> calls, Field row) implements Relation {
        public Aggregate {
            keys = List.copyOf(keys);
            calls = List.copyOf(calls);
        }

        @Override
        public List<Field> fields() {
            List<Field> fields = new ArrayList<>();
            keys.forEach(key -> fields.add(key.field()));
            calls.forEach(call -> fields.add(call.field()));
            return fields;
        }

        @Override
        public Optional<Field> rowId() {
            return Optional.of(row);
        }
    }

    enum JoinKind {
        /** Rows without a match are left out. */
        INNER,
        /** Rows without a match get NULLs. */
        LEFT
    }

    /** Both sides have the same type; NULLs match nothing. */
    record KeyPair(Expression left, Expression right) {}

    /** Takes the latest right row that isn't after the left one. */
    record AsOf(Expression left, Expression right, Bound bound) {
        enum Bound {
            /** {@code left >= right}. */
            UP_TO_NOW,
            /** {@code left > right}. */
            BEFORE_NOW
        }
    }

    /**
     * Each left row with at most one right row: of those that match, the latest for an as-of join, then the one with the
     * largest row id. A right side of groups is unique by the keys.
     */
    record Lookup(Relation left, Relation right, JoinKind kind, List<KeyPair> keys, Optional<AsOf> asOf)
            implements Relation {
        public Lookup {
            keys = List.copyOf(keys);
        }

        @Override
        public List<Field> fields() {
            List<Field> fields = new ArrayList<>(left.fields());
            fields.addAll(right.fields());
            return fields;
        }

        @Override
        public Optional<Field> rowId() {
            return left.rowId();
        }
    }
}
