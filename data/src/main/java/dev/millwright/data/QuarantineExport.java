package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Schema;
import java.nio.file.Path;
import java.util.Locale;

/** Writes rows that were set aside into a file in which they can be repaired, and from which {@link RepairFile} takes them again. */
final class QuarantineExport {
    private QuarantineExport() {}

    /**
     * Writes the rows of {@link SetAside}, in the order of the source.
     *
     * @param version what the file calls the version
     */
    static void write(Session session, Schema schema, String version, Path target) {
        String options = options(target);
        StringBuilder sql = new StringBuilder("SELECT 'q' || id AS ").append(Sql.identifier(RepairFile.ROW));
        sql.append(", ").append(Sql.literal(version)).append(" AS ").append(Sql.identifier(RepairFile.VERSION));
        sql.append(ours("source", "source")).append(ours("_line", "line"));
        sql.append(ours("reason", "reason")).append(ours("raw", "raw"));
        schema.names()
                .forEach(name -> sql.append(", ")
                        .append(SetAside.cell("cells", name))
                        .append(" AS ")
                        .append(Sql.identifier(name)));
        sql.append(" FROM ").append(SetAside.TABLE).append(" ORDER BY _file, _line");
        DurableFiles.write(
                target, aside -> session.execute("COPY (" + sql + ") TO " + Sql.literal(aside) + " (" + options + ")"));
    }

    private static String options(Path target) {
        String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv" -> "FORMAT csv, HEADER";
            case "tsv" -> "FORMAT csv, HEADER, DELIMITER '\t'";
            case "jsonl" -> "FORMAT json";
            default ->
                throw new InvalidInputException(
                        "--export: " + target + " (expected: a name that ends in .csv, .tsv or .jsonl)");
        };
    }

    private static String ours(String column, String name) {
        return ", " + column + " AS " + Sql.identifier(RepairFile.OURS + name);
    }
}
