package dev.millwright.data;

import java.nio.file.Path;

/**
 * A row that was set aside.
 *
 * @param source the file it was read from
 * @param line where the row begins in that file, from 1; of Parquet, the row's number
 * @param reason {@code column: 'value' is not a type}, or the expectation that it breaks
 * @param raw the row as it was found: a broken line as it stands, else its cells, the missing ones
 *     empty, as CSV or a JSON object
 */
public record QuarantinedRow(Path source, long line, String reason, String raw) {}
