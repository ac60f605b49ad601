package dev.millwright.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/** Writes names and values into DuckDB SQL. Everything that comes from a file or a user goes through here. */
public final class Sql {
    private Sql() {}

    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String literal(Path path) {
        return literal(path.toString());
    }

    /** A path for a table function that would otherwise expand {@code *}, {@code ?} and {@code [}. */
    static String globLiteral(Path path) {
        StringBuilder escaped = new StringBuilder();
        for (char c : path.toString().toCharArray()) {
            if (c == '*' || c == '?' || c == '[') {
                escaped.append('[').append(c).append(']');
            } else {
                escaped.append(c);
            }
        }
        return literal(escaped.toString());
    }

    static String literals(Collection<String> texts) {
        return texts.stream().map(Sql::literal).collect(Collectors.joining(", "));
    }
}
