package dev.millwright.data;

import dev.millwright.core.Schema;
import java.util.List;
import java.util.Optional;

/**
 * What a look at a source found.
 *
 * @param rows counted when {@code coverage} is whole, else estimated from the bytes
 * @param header of delimited text; empty for other formats
 * @param columns over the rows that were looked at
 * @param warnings what a person should know before working with it, as sentences
 */
public record Inspection(
        String dataset,
        Schema schema,
        long rows,
        Coverage coverage,
        Optional<Header> header,
        List<ColumnProfile> columns,
        List<String> warnings) {

    /** How much was looked at. */
    public enum Coverage {
        WHOLE,
        /** Only the first tens of megabytes; a later row may yet change a type. */
        HEAD
    }

    public Inspection {
        columns = List.copyOf(columns);
        warnings = List.copyOf(warnings);
    }
}
