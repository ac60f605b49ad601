package dev.millwright.data;

import dev.millwright.core.ColumnType;

/**
 * How one staged column becomes a typed one, as SQL over the staged relation.
 *
 * @param present the value as it was found, NULL where it is missing
 * @param value the typed value, NULL where it is missing or refused; not yet rid of infinities
 * @param facts what was counted on the way to the type
 */
record TypedColumn(String name, ColumnType type, String present, String value, Check check, Facts facts) {

    /** Whether the type may refuse a value. */
    enum Check {
        NEEDED,
        NONE
    }

    /**
     * Counts that a person may want to hear about; -1 where nobody counted.
     *
     * @param values that are not missing
     * @param numbers of these, how many are numbers
     * @param notFinite of these, how many are NaN or infinite
     * @param blanks cells that are blank but not empty
     */
    record Facts(Cells.Origin origin, long values, long numbers, long notFinite, long blanks) {
        static final Facts DECLARED = new Facts(Cells.Origin.DECLARED, -1, -1, -1, -1);
    }
}
