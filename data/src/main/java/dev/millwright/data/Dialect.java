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
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How a delimited file is written, and the names of its columns.
 *
 * @param columns as users see them
 * @param unnamed the columns, counted from 1, that the header leaves without a name
 */
record Dialect(String delimiter, Header header, List<String> columns, List<Integer> unnamed) {
    private static final int SNIFFED_RECORDS = 100;

    Dialect {
        columns = List.copyOf(columns);
        unnamed = List.copyOf(unnamed);
    }

    /** What the spec says, and for the rest what the head of the file looks like. */
    static Dialect of(SourceSpec spec, Format format, Path file, Charset charset) {
        String delimiter = delimiter(spec, format, file, charset);
        List<String> first = firstRow(spec, file, charset, delimiter);
        Header header = spec.header().orElseGet(() -> sniffHeader(spec, first));
        boolean named = !spec.columnNames().isEmpty();
        List<String> columns = named ? spec.columnNames() : names(header, first);
        if (columns.size() != first.size()) {
            throw new InvalidInputException(List.of(Problem.about(
                    "columns",
                    spec.dataset() + ": " + file + " has " + first.size() + " columns (expected: the " + columns.size()
                            + " that are named)")));
        }
        requireDistinct(spec, file, columns);
        return new Dialect(delimiter, header, columns, named || header == Header.ABSENT ? List.of() : unnamed(first));
    }

    /**
     * The names of the columns, numbered where the header has one twice or one that means something here; empty when it
     * doesn't.
     */
    static Optional<List<String>> distinctNames(SourceSpec spec, Format format, Path file, Charset charset) {
        if (!spec.columnNames().isEmpty()) {
            return Optional.empty();
        }
        List<String> first = firstRow(spec, file, charset, delimiter(spec, format, file, charset));
        List<String> names = names(spec.header().orElseGet(() -> sniffHeader(spec, first)), first);
        List<String> distinct = distinct(names);
        return distinct.equals(names) ? Optional.empty() : Optional.of(distinct);
    }

    private static List<String> distinct(List<String> names) {
        Set<String> taken = new HashSet<>(ReservedColumns.NAMES);
        names.forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
        Set<String> given = new HashSet<>();
        List<String> distinct = new ArrayList<>();
        for (String name : names) {
            String free = name;
            if (ReservedColumns.contains(name) || !given.add(name.toLowerCase(Locale.ROOT))) {
                for (int number = 2; !taken.add(free.toLowerCase(Locale.ROOT)); number++) {
                    free = name + "_" + number;
                }
            }
            distinct.add(free);
        }
        return distinct;
    }

    private static String delimiter(SourceSpec spec, Format format, Path file, Charset charset) {
        return spec.delimiter()
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> format == Format.TSV ? "\t" : sniffDelimiter(file, charset));
    }

    private static List<String> firstRow(SourceSpec spec, Path file, Charset charset, String delimiter) {
        List<List<String>> head = head(file, charset, delimiter);
        if (head.isEmpty()) {
            throw new InvalidInputException(spec.dataset() + ": " + file + " is empty (expected: at least one row)");
        }
        if (head.getFirst().stream().anyMatch(cell -> cell.indexOf('\0') >= 0)) {
            throw new InvalidInputException(spec.dataset() + ": " + file + " holds NUL characters (expected: "
                    + charset.name() + " text); say 'encoding: utf-16' if that is what it is");
        }
        return head.getFirst();
    }

    private static Header sniffHeader(SourceSpec spec, List<String> first) {
        boolean numbers = first.stream().anyMatch(Cells::isNumber);
        return numbers || !spec.columnNames().isEmpty() ? Header.ABSENT : Header.PRESENT;
    }

    private static List<String> names(Header header, List<String> first) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            String name = onOneLine(first.get(i));
            names.add(header == Header.ABSENT || name.isEmpty() ? "column" + (i + 1) : name);
        }
        return names;
    }

    /** A name may be broken over lines in a header, never in SQL. */
    private static String onOneLine(String name) {
        return name.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ").strip();
    }

    private static List<Integer> unnamed(List<String> first) {
        return IntStream.rangeClosed(1, first.size())
                .filter(place -> onOneLine(first.get(place - 1)).isEmpty())
                .boxed()
                .toList();
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
