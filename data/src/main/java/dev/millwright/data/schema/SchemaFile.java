package dev.millwright.data.schema;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem.Position;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.DataError;
import dev.millwright.data.OtherColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A contract that was written as an Avro schema ({@code .avsc}) or a JSON Schema ({@code .json}).
 *
 * @param columns in the order of the file
 * @param others what it says of columns that it doesn't name
 * @param places where each column stands, by name
 * @param notes what it promises that a contract can't hold, as sentences with their place
 */
public record SchemaFile(
        List<ColumnContract> columns, OtherColumns others, Map<String, Position> places, List<String> notes) {
    private static final long LONGEST = 10_000_000;

    public SchemaFile {
        columns = List.copyOf(columns);
        places = Map.copyOf(places);
        notes = List.copyOf(notes);
    }

    /** Whether a name is that of such a file. */
    public static boolean isOne(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".avsc") || lower.endsWith(".json");
    }

    /**
     * Reads one.
     *
     * @param name of the file, as messages show it
     * @param elsewhere columns of which the contract is said elsewhere: what the file says of them is not looked at
     * @throws InvalidInputException with every problem and its place: what is neither of the two, and columns of types that
     *     no column of a dataset has
     * @throws MillwrightException {@link DataError#SOURCE_UNREADABLE} when it isn't there
     */
    public static SchemaFile read(String name, Path path, Set<String> elsewhere) {
        SchemaNode root = SchemaNode.read(name, bytes(name, path));
        SchemaColumns columns = new SchemaColumns(elsewhere);
        if (isAvro(name, root)) {
            new AvroSchema(columns).read(root);
        } else {
            new JsonSchema(root, columns).read();
        }
        return columns.end(root);
    }

    private static boolean isAvro(String name, SchemaNode root) {
        return name.toLowerCase(Locale.ROOT).endsWith(".avsc")
                || (root.text("type").filter("record"::equals).isPresent()
                        && root.find("fields").isPresent());
    }

    private static byte[] bytes(String name, Path path) {
        try {
            if (Files.size(path) > LONGEST) {
                throw new InvalidInputException(name + ": larger than 10 MB (expected: a schema)");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new MillwrightException(
                    DataError.SOURCE_UNREADABLE,
                    name + ": can't be read (expected: the file of a schema, at " + path + ")",
                    e);
        }
    }
}
