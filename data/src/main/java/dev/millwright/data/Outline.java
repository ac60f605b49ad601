package dev.millwright.data;

import dev.millwright.core.Schema;
import java.util.List;

/**
 * What must be known of a source before its features can be checked.
 *
 * @param coverage how much of the source it was found in
 * @param warnings what a person should know before working with it, as sentences
 */
public record Outline(Schema schema, Inspection.Coverage coverage, List<String> warnings) {
    public Outline {
        warnings = List.copyOf(warnings);
    }
}
