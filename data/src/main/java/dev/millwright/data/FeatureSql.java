package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.ModelSignature.InputType;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * How a model's input is read from a batch, as SQL.
 *
 * @param value DOUBLE or VARCHAR, as the model takes it; NULL where it is missing or makes no sense
 * @param doubt when the value may make no sense
 */
record FeatureSql(InputType type, String value, Optional<Doubt> doubt) {

    /**
     * How values are found that make no sense to the model.
     *
     * @param found the value as a person finds it in the file
     */
    record Doubt(String found, Test test) {}

    /** A condition on a value. */
    @FunctionalInterface
    interface Test {
        /**
         * True where the value makes no sense.
         *
         * @param value the column that has it as the model takes it
         * @param found the column that has it as it was found
         */
        String of(String value, String found);
    }

    /** Of a cell of delimited text, NULL where it is missing. */
    static FeatureSql cell(InputType type, String cell) {
        return switch (type) {
            case NUMBER ->
                doubted(
                        type,
                        "coalesce(" + Cells.typed(cell, ColumnType.DOUBLE, Cells.Origin.DECLARED, ZoneOffset.UTC) + ", "
                                + truth("lower(trim(" + cell + "))") + ")",
                        cell,
                        (value, found) -> "(" + found + " IS NOT NULL AND " + value + " IS NULL AND NOT "
                                + Cells.notFinite(found) + ") OR " + tooLarge(value));
            case TEXT -> new FeatureSql(type, cell, Optional.empty());
        };
    }

    /**
     * Of a JSON value; what is quoted is no number, and what is not is no text.
     *
     * @param missing words that stand for a missing value
     */
    static FeatureSql json(InputType type, String json, List<String> missing) {
        String text = "json_extract_string(" + json + ", '$')";
        Test senseless = (value, found) -> found + " IS NOT NULL AND " + value + " IS NULL"
                + unless("json_extract_string(" + found + ", '$')", missing);
        return switch (type) {
            case NUMBER ->
                doubted(
                        type,
                        "CASE json_type(" + json + ") WHEN 'BOOLEAN' THEN " + truth(text)
                                + " WHEN 'VARCHAR' THEN NULL WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL ELSE"
                                + " TRY_CAST(" + text + " AS DOUBLE) END",
                        jsonFound(json),
                        (value, found) -> "(" + senseless.of(value, found) + ") OR " + tooLarge(value));
            case TEXT ->
                doubted(
                        type,
                        "CASE WHEN json_type(" + json + ") = 'VARCHAR' THEN " + present(text, missing) + " END",
                        jsonFound(json),
                        senseless);
        };
    }

    /** Of a column that has a type of its own, as DuckDB names it. */
    static FeatureSql typed(InputType type, String column, String physical, List<String> missing) {
        if (!(type == InputType.NUMBER ? isNumber(physical) : isText(physical))) {
            return doubted(
                    type,
                    "CAST(NULL AS " + (type == InputType.NUMBER ? "DOUBLE" : "VARCHAR") + ")",
                    "CAST(" + column + " AS VARCHAR)",
                    (value, found) -> found + " IS NOT NULL" + unless(found, missing));
        }
        return switch (type) {
            case NUMBER ->
                doubted(
                        type,
                        "CAST(" + column + " AS DOUBLE)",
                        column,
                        (value, found) -> "isfinite(" + value + ") AND " + tooLarge(value));
            case TEXT -> new FeatureSql(type, present("CAST(" + column + " AS VARCHAR)", missing), Optional.empty());
        };
    }

    private static FeatureSql doubted(InputType type, String value, String found, Test test) {
        return new FeatureSql(type, value, Optional.of(new Doubt(found, test)));
    }

    private static String jsonFound(String json) {
        return "nullif(CAST(" + json + " AS VARCHAR), 'null')";
    }

    private static String truth(String text) {
        return "CASE " + text + " WHEN 'true' THEN CAST(1 AS DOUBLE) WHEN 'false' THEN CAST(0 AS DOUBLE) END";
    }

    /** From here on a number is infinite in single precision. */
    private static String tooLarge(String value) {
        return "abs(" + value + ") >= 3.4028235677973366e38";
    }

    private static boolean isNumber(String physical) {
        return physical.matches("BOOLEAN|DECIMAL\\(.*\\)|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE");
    }

    private static boolean isText(String physical) {
        return physical.matches("VARCHAR|UUID|JSON|ENUM\\(.*\\)");
    }

    private static String present(String text, List<String> missing) {
        return missing.isEmpty()
                ? text
                : "CASE WHEN trim(" + text + ") IN (" + Sql.literals(missing) + ") THEN NULL ELSE " + text + " END";
    }

    private static String unless(String text, List<String> missing) {
        return missing.isEmpty() ? "" : " AND coalesce(trim(" + text + "), '') NOT IN (" + Sql.literals(missing) + ")";
    }

    /** What a value should have been. */
    String expected() {
        return switch (type) {
            case NUMBER -> "a number within ±3.4e38, or a boolean";
            case TEXT -> "a text";
        };
    }
}
