package dev.millwright.data;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Where a dataset comes from and how its files are read.
 *
 * @param dataset the name in the pipeline file: a letter, then letters, digits, {@code _} or {@code -}
 * @param from absolute path or glob; the files of a glob are read in the order of their names
 * @param format the extension tells when it is empty
 * @param zone of timestamps that carry none
 * @param missing words that stand for a missing value, beside empty and blank ones; compared without blanks around
 * @param encoding of text files, UTF-8 when empty
 * @param delimiter of CSV, one character or a few (such as {@code ", "}); sniffed when empty
 * @param header sniffed when empty: absent when the first row holds a number
 * @param columnNames names for a file without header, or that replace those of its header; may be empty
 * @param contract what is promised of the columns; its types win over inferred ones
 * @param expectations checks on rows and on the table
 * @param onViolation what happens where an expectation that doesn't say so itself does not hold
 * @param layout of the files that its versions are stored in
 */
public record SourceSpec(
        String dataset,
        String from,
        Optional<Format> format,
        ZoneId zone,
        List<String> missing,
        Optional<String> encoding,
        Optional<String> delimiter,
        Optional<Header> header,
        List<String> columnNames,
        Contract contract,
        List<Expected> expectations,
        OnViolation onViolation,
        Layout layout) {
    /** Characters that the name of a dataset may have. */
    public static final int LONGEST_NAME = 100;

    public SourceSpec {
        if (!dataset.matches("[A-Za-z][A-Za-z0-9_-]*") || dataset.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "dataset: '" + dataset + "' (expected: a letter, then at most 99 letters, digits, '_' or '-')");
        }
        missing = missing.stream().map(String::strip).distinct().toList();
        columnNames = List.copyOf(columnNames);
        expectations = List.copyOf(expectations);
    }

    /** A source of which only name and place are known; everything else is found out. */
    public static SourceSpec of(String dataset, String from) {
        return new SourceSpec(
                dataset,
                from,
                Optional.empty(),
                ZoneOffset.UTC,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Contract.NONE,
                List.of(),
                OnViolation.QUARANTINE,
                Layout.NONE);
    }

    public SourceSpec withFormat(Format value) {
        return new SourceSpec(
                dataset,
                from,
                Optional.of(value),
                zone,
                missing,
                encoding,
                delimiter,
                header,
                columnNames,
                contract,
                expectations,
                onViolation,
                layout);
    }

    public SourceSpec withZone(ZoneId value) {
        return new SourceSpec(
                dataset,
                from,
                format,
                value,
                missing,
                encoding,
                delimiter,
                header,
                columnNames,
                contract,
                expectations,
                onViolation,
                layout);
    }

    public SourceSpec withMissing(List<String> words) {
        return new SourceSpec(
                dataset,
                from,
                format,
                zone,
                words,
                encoding,
                delimiter,
                header,
                columnNames,
                contract,
                expectations,
                onViolation,
                layout);
    }

    public SourceSpec withEncoding(String value) {
        return new SourceSpec(
                dataset,
                from,
                format,
                zone,
                missing,
                Optional.of(value),
                delimiter,
                header,
                columnNames,
                contract,
                expectations,
                onViolation,
                layout);
    }

    public SourceSpec withDelimiter(String value) {
        return new SourceSpec(
                dataset,
                from,
                format,
                zone,
                missing,
                encoding,
                Optional.of(value),
                header,
                columnNames,
                contract,
                expectations,
                onViolation,
                layout);
    }

    public SourceSpec withHeader(Header value) {
        return new SourceSpec(
                dataset,
                from,
                format,
                zone,
                missing,
                encoding,
                delimiter,
                Optional.of(value),
                columnNames,
                contract,
                expectations,
                onViolation,
                layout);
    }

    public SourceSpec withColumnNames(List<String> names) {
        return new SourceSpec(
                dataset,
                from,
                format,
                zone,
                missing,
                encoding,
                delimiter,
                header,
                names,
                contract,
                expectations,
                onViolation,
                layout);
    }

    public SourceSpec withContract(Contract value) {
        return new SourceSpec(
                dataset,
                from,
                format,
                zone,
                missing,
                encoding,
                delimiter,
                header,
                columnNames,
                value,
                expectations,
                onViolation,
                layout);
    }

    /** The same source with expectations; they are parsed against the schema that an inspection finds. */
    public SourceSpec withExpectations(List<Expected> checks, OnViolation action) {
        return new SourceSpec(
                dataset,
                from,
                format,
                zone,
                missing,
                encoding,
                delimiter,
                header,
                columnNames,
                contract,
                checks,
                action,
                layout);
    }

    public SourceSpec withLayout(Layout value) {
        return new SourceSpec(
                dataset,
                from,
                format,
                zone,
                missing,
                encoding,
                delimiter,
                header,
                columnNames,
                contract,
                expectations,
                onViolation,
                value);
    }
}
