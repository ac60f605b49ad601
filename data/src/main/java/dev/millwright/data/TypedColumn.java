package dev.millwright.data;

import dev.millwright.core.ColumnType;

/**
 * How one staged column becomes a typed one, as SQL over the staged relation.
 *
 * @param present the found value, NULL where it is missing
 * @param value the typed value, NULL where it is missing or refused
 * @param refused true where there is a value that the type refuses
 * @param facts what was counted on the way to the type
 */
record TypedColumn(String name, ColumnType type, String present, String value, String refused, Facts facts) {

    /**
     * Counts that a person may want to hear about.
     *
     * @param values that are not missing
     * @param numbers of these, how many are numbers, or -1 when nobody counted
     */
    record Facts(Cells.Origin origin, long values, long numbers) {}
}
