package dev.millwright.plan;

/** Numbers the fields of one plan. Not thread-safe. */
final class Fields {
    private int next;

    Field make(String name, ValueType type) {
        return new Field(next++, name, type);
    }

    int count() {
        return next;
    }
}
