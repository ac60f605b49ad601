package dev.millwright.core;

/** One column of a {@link Schema}: a name, unique in its schema without regard to case, and a type. */
public record Column(String name, ColumnType type) {
    public Column {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: '' (expected: at least one character)");
        }
    }
}
