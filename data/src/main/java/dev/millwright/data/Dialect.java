package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.data.DelimitedRecords.Entry;
import dev.millwright.data.DelimitedRecords.Fields;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How a delimited file is written, and the names of its columns.
 *
 * @param columns as users see them
 */
record Dialect(String delimiter, Header header, List<String> columns) {
    private static final int SNIFFED_RECORDS = 100;

    /** What the spec says, and for the rest what the head of the file looks like. */
    static Dialect of(SourceSpec spec, Format format, Path file, Charset charset) {
        String delimiter = spec.delimiter()
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> format == Format.TSV ? "\t" : sniffDelimiter(file, charset));
        List<List<String>> head = head(file, charset, delimiter);
        if (head.isEmpty()) {
            throw new InvalidInputException(spec.dataset() + ": " + file + " is empty (expected: at least one row)");
        }
        List<String> first = head.getFirst();
        Header header = spec.header().orElseGet(() -> sniffHeader(spec, first));
        List<String> columns = spec.columnNames().isEmpty() ? names(header, first) : spec.columnNames();
        if (columns.size() != first.size()) {
            throw new InvalidInputException(List.of(Problem.about(
                    "columns",
                    spec.dataset() + ": " + file + " has " + first.size() + " columns (expected: the " + columns.size()
                            + " that are named)")));
        }
        requireDistinct(spec, file, columns);
        return new Dialect(delimiter, header, columns);
    }

    private static Header sniffHeader(SourceSpec spec, List<String> first) {
        boolean numbers = first.stream().anyMatch(Cells::isNumber);
        return numbers || !spec.columnNames().isEmpty() ? Header.ABSENT : Header.PRESENT;
    }

    private static List<String> names(Header header, List<String> first) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            String name = first.get(i).strip();
            names.add(header == Header.ABSENT || name.isEmpty() ? "column" + (i + 1) : name);
        }
        return names;
    }

    static void requireDistinct(SourceSpec spec, Path file, List<String> columns) {
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (!seen.add(column.toLowerCase(Locale.ROOT))) {
                throw new InvalidInputException(List.of(Problem.about(
                        "columns",
                        spec.dataset() + ": " + file + ": two columns are named '" + column
                                + "' (expected: names that differ in more than case); name them with columns:")));
            }
            if (ReservedColumns.contains(column)) {
                throw new InvalidInputException(List.of(Problem.about(
                        "columns",
                        spec.dataset() + ": " + file + ": a column is named '" + column + "' (expected: none of "
                                + ReservedColumns.NAMES + ", which mean something here)")));
            }
        }
    }

    private static List<List<String>> head(Path file, Charset charset, String delimiter) {
        List<List<String>> head = new ArrayList<>();
        try (TextLines lines = TextLines.open(file, charset)) {
            DelimitedRecords records = new DelimitedRecords(lines, delimiter);
            Entry entry = records.next();
            for (int i = 0; i < SNIFFED_RECORDS && entry != null; i++, entry = records.next()) {
                if (entry instanceof Fields fields) {
                    head.add(fields.values());
                }
            }
        }
        return head;
    }

    /** The candidate that cuts the first records into equally many fields, and into the most. */
    private static String sniffDelimiter(Path file, Charset charset) {
        String best = ",";
        int most = 1;
        for (String candidate : List.of(",", ";", "\t", "|")) {
            List<List<String>> head = head(file, charset, candidate);
            int fields = head.isEmpty() ? 1 : head.getFirst().size();
            boolean even = head.stream().filter(row -> row.size() == fields).count() * 10 >= head.size() * 9L;
            if (even && fields > most) {
                best = candidate;
                most = fields;
            }
        }
        return most > 1 && spaced(head(file, charset, best)) ? best + " " : best;
    }

    /** Whether a blank follows every delimiter, so that it is part of it. */
    private static boolean spaced(List<List<String>> head) {
        return head.stream().allMatch(row -> row.stream().skip(1).allMatch(value -> value.startsWith(" ")));
    }
}
