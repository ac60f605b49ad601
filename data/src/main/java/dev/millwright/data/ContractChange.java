package dev.millwright.data;

import java.util.Locale;

/**
 * How what is promised of a column differs from what was promised before.
 *
 * @param column as the later of the two writes it
 * @param before what was promised, for people
 * @param after what is promised now
 */
public record ContractChange(String column, Kind kind, String before, String after) {
    /** The kinds of change, of which each has a rule of its own under {@code evolution}. */
    public enum Kind {
        /** A column that was not there. */
        ADD("added", "Leave the column out"),
        /** A promised column is there no more. */
        DROP("dropped", "Bring the column back"),
        /** Values that were excluded are allowed. */
        WIDEN("widened", "Keep to what was promised"),
        /** Values that were allowed are excluded. */
        NARROW("narrowed", "Keep to what was promised"),
        /** The values are of another type that doesn't hold those of before, and that they don't hold. */
        RETYPE("of another type", "Keep the type, or give the column another name"),
        /** The same numbers mean something else. */
        UNIT("in another unit", "Convert the values, or give the column another name");

        private final String past;
        private final String remedy;

        Kind(String past, String remedy) {
            this.past = past;
            this.remedy = remedy;
        }

        /** The name used in files: lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A refusal, in words, with the next move. */
    String refusal() {
        return column + ": " + kind.past + ": now " + after + ", before " + before
                + " (expected: no such change of the newest version, for evolution: {" + kind.label() + ": refuse}). "
                + kind.remedy + ", or take this change with evolution: {" + kind.label() + ": [" + column + "]}";
    }
}
