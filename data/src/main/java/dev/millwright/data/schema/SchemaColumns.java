package dev.millwright.data.schema;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.OtherColumns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The columns of a schema while it is read. Mistakes and what can't be held are collected, so that one look finds all. */
final class SchemaColumns {
    private final Set<String> elsewhere;
    private final List<ColumnContract> columns = new ArrayList<>();
    private final Map<String, Position> places = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private OtherColumns others = OtherColumns.KEEP;

    /** @param elsewhere columns that are not looked at */
    SchemaColumns(Set<String> elsewhere) {
        this.elsewhere = elsewhere;
    }

    /** Whether the next column of this name is to be read; once is enough, and a second one is a mistake. */
    boolean opens(String name, SchemaNode at) {
        if (places.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
            refuse(at, name + ": a second time", "names that differ in more than upper and lower case");
            return false;
        }
        places.put(name, at.position());
        return !elsewhere.contains(name);
    }

    void add(ColumnContract column) {
        columns.add(column);
    }

    void refuseOthers() {
        others = OtherColumns.REFUSE;
    }

    void refuse(SchemaNode at, String what, String expected) {
        problems.add(Problem.at(at.position(), what + " (expected: " + expected + ")."));
    }

    /** Something that the schema promises, and that nobody checks. */
    void note(SchemaNode at, String what) {
        notes.add(at.position() + ": " + what);
    }

    SchemaFile end(SchemaNode root) {
        if (problems.isEmpty() && places.isEmpty()) {
            refuse(root, "no columns", "a record of Avro, or a JSON Schema of an object with 'properties'");
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return new SchemaFile(columns, others, places, notes);
    }
}
