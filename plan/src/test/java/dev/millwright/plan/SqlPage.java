package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docs/sql.md} says: tables of examples, tables of data, and views, each with the table that it gives.
 *
 * @param examples by the heading that they stand under
 * @param names all that is explained in a first column
 */
record SqlPage(Map<String, List<Example>> examples, List<String> names, Map<String, Table> data, List<View> views) {
    private static final Path PAGE = Path.of("..", "docs", "sql.md");
    private static final Pattern BAR = Pattern.compile("(?<!\\\\)\\|");

    /** Two expressions that are said to be equal. */
    record Example(String expression, String result) {}

    record Table(Schema schema, List<Map<String, @Nullable Object>> rows) {}

    record View(String sql, Table result) {}

    static SqlPage read() throws IOException {
        return new Reading(Files.readAllLines(PAGE)).page();
    }

    /** Goes through the lines once. */
    private static final class Reading {
        private final List<String> lines;
        private final Map<String, List<Example>> examples = new LinkedHashMap<>();
        private final List<String> names = new ArrayList<>();
        private final Map<String, Table> data = new HashMap<>();
        private final List<View> views = new ArrayList<>();
        private String heading = "";
        private Optional<String> sql = Optional.empty();

        Reading(List<String> lines) {
            this.lines = lines;
        }

        SqlPage page() {
            for (int at = 0; at < lines.size(); at++) {
                String line = lines.get(at);
                if (line.startsWith("## ")) {
                    heading = line.substring(3);
                } else if (line.equals("```sql")) {
                    int end = lines.subList(at, lines.size()).indexOf("```") + at;
                    sql = Optional.of(String.join("\n", lines.subList(at + 1, end)));
                    at = end;
                } else if (line.startsWith("|")) {
                    int end = at;
                    while (end < lines.size() && lines.get(end).startsWith("|")) {
                        end++;
                    }
                    table(lines.subList(at, end).stream().map(Reading::cells).toList());
                    at = end;
                }
            }
            return new SqlPage(examples, names, data, views);
        }

        private static List<String> cells(String line) {
            String[] cells = BAR.split(line.substring(1, line.length() - 1), -1);
            return Arrays.stream(cells)
                    .map(cell -> cell.strip().replace("\\|", "|"))
                    .toList();
        }

        private static String code(String cell) {
            return cell.startsWith("`") ? cell.substring(1, cell.length() - 1) : cell;
        }

        private void table(List<List<String>> rows) {
            List<String> header = rows.getFirst();
            List<List<String>> body = rows.subList(2, rows.size());
            boolean explains = header.get(0).isEmpty() || header.get(0).equals("unit");
            if (explains) {
                body.forEach(row -> names.add(code(row.getFirst())));
                if (header.contains("example")) {
                    body.forEach(row -> examples.computeIfAbsent(heading, absent -> new ArrayList<>())
                            .add(new Example(code(row.get(2)), code(row.get(3)))));
                }
            } else if (body.getFirst().getFirst().isEmpty()) {
                data.put(
                        header.getFirst(),
                        data(
                                header.subList(1, header.size()),
                                body.stream()
                                        .map(row -> row.subList(1, row.size()))
                                        .toList()));
            } else if (sql.isPresent()) {
                views.add(new View(sql.get(), data(header, body)));
                sql = Optional.empty();
            }
        }

        private static Table data(List<String> names, List<List<String>> body) {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            Map<String, ColumnType> types = new HashMap<>();
            for (List<String> cells : body) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    Object value = value(code(cells.get(i)));
                    row.put(names.get(i), value);
                    if (value != null) {
                        types.put(names.get(i), type(value));
                    }
                }
                rows.add(row);
            }
            return new Table(
                    new Schema(names.stream()
                            .map(name -> new Column(name, types.getOrDefault(name, ColumnType.VARCHAR)))
                            .toList()),
                    rows);
        }

        private static ColumnType type(Object value) {
            return switch (value) {
                case Long number -> ColumnType.BIGINT;
                case Double number -> ColumnType.DOUBLE;
                case Boolean truth -> ColumnType.BOOLEAN;
                case Instant time -> ColumnType.TIMESTAMP;
                default -> ColumnType.VARCHAR;
            };
        }

        private static @Nullable Object value(String literal) {
            if (literal.equals("NULL")) {
                return null;
            }
            if (literal.equals("TRUE") || literal.equals("FALSE")) {
                return literal.equals("TRUE");
            }
            if (literal.startsWith("TIMESTAMP ")) {
                return Instant.parse(quoted(literal).replace(' ', 'T') + "Z");
            }
            if (literal.startsWith("DATE ")) {
                return Instant.parse(quoted(literal) + "T00:00:00Z");
            }
            if (literal.startsWith("'")) {
                return quoted(literal);
            }
            return literal.contains(".") ? (Object) Double.valueOf(literal) : (Object) Long.valueOf(literal);
        }

        private static String quoted(String literal) {
            return literal.substring(literal.indexOf('\'') + 1, literal.length() - 1);
        }
    }
}
