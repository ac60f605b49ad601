package dev.millwright.serving.rows;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.serving.rows.RequestColumns.Span;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Rows as CSV (RFC 4180) under a line that names their columns, in any order. An empty value is missing. A first column without a
 * name is the index of a data frame, and passed over.
 */
public final class RowsCsv {
    private final RowCollector rows;
    private final List<Optional<Span>> columns = new ArrayList<>();

    private RowsCsv(RequestColumns columns) {
        this.rows = new RowCollector(columns);
    }

    /**
     * Reads rows.
     *
     * @throws InvalidInputException saying everything that is wrong with them, with line and column
     */
    static Frame read(byte[] body, Charset charset, RequestColumns columns) {
        RowsCsv reader = new RowsCsv(columns);
        CsvLines lines = new CsvLines(decoded(body, charset));
        Optional<CsvLines.Line> head = lines.next();
        head.ifPresent(line -> reader.readHead(line.values()));
        if (head.isPresent()) {
            for (Optional<CsvLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                reader.readRow(line.get());
            }
        }
        return reader.rows.finish(
                "csv",
                names -> "with no value where it is not known). Add to the first line: "
                        + names.stream().map(RowsCsv::quoted).collect(Collectors.joining(",")));
    }

    private static CharBuffer decoded(byte[] body, Charset charset) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        try {
            CharBuffer text = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes);
            return text.hasRemaining() && text.charAt(0) == '\uFEFF'
                    ? text.position(1).slice()
                    : text;
        } catch (CharacterCodingException wrong) {
            throw new InvalidInputException("csv: byte " + bytes.position() + " is not " + charset.name()
                    + " (expected: the charset that Content-Type names, UTF-8 unless it does). Send, for instance,"
                    + " Content-Type: text/csv; charset=windows-1252");
        }
    }

    /** A value as a line of CSV has it. */
    public static String quoted(String value) {
        return value.matches("[^,\"\r\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    private void readHead(List<String> names) {
        for (String name : names) {
            Optional<Span> known = rows.columns().find(name);
            if (columns.isEmpty() && name.isEmpty()) {
                columns.add(Optional.empty());
            } else if (known.isPresent() && known.get().width() > 1) {
                rows.complain("csv: " + name + " is " + known.get().width() + " columns (expected: " + name + "[0], "
                        + name + "[1] …)");
                columns.add(Optional.empty());
            } else {
                if (known.isPresent() && rows.isSeen(known.get())) {
                    rows.complain("csv: " + name + " twice (expected: each column once)");
                }
                columns.add(rows.span(name, "csv: "));
            }
        }
    }

    private void readRow(CsvLines.Line line) {
        int row = rows.startRow();
        if (line.values().size() != columns.size()) {
            rows.complain("line " + line.number() + ": " + line.values().size() + " values (expected: " + columns.size()
                    + ", as in the first line)");
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            Optional<Span> span = columns.get(i);
            if (span.isPresent()) {
                readValue(span.get().first(), row, line, line.values().get(i));
            }
        }
    }

    private void readValue(int column, int row, CsvLines.Line line, String value) {
        if (rows.type(column) == InputType.TEXT) {
            rows.put(column, row, value);
            return;
        }
        Optional<Float> number = number(value.strip());
        if (number.isPresent()) {
            rows.put(column, row, number.get());
        } else {
            rows.complainOfValue("line " + line.number() + ", " + rows.name(column), value, column);
        }
    }

    private static Optional<Float> number(String value) {
        switch (value.toLowerCase(Locale.ROOT)) {
            case "", "nan" -> {
                return Optional.of(Float.NaN);
            }
            case "true" -> {
                return Optional.of(1f);
            }
            case "false" -> {
                return Optional.of(0f);
            }
            default -> {
                // Java would read 1f and 0x1p3, too.
                if (!value.chars().allMatch(c -> "+-.0123456789eE".indexOf(c) >= 0)) {
                    return Optional.empty();
                }
                try {
                    float number = (float) Double.parseDouble(value);
                    return Float.isFinite(number) ? Optional.of(number) : Optional.empty();
                } catch (NumberFormatException wrong) {
                    return Optional.empty();
                }
            }
        }
    }
}
