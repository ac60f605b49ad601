package dev.millwright.plan;

import java.util.List;

/** Prints operations on text for DuckDB so that they mean what {@link Operation} says. */
final class DuckDbTexts {
    /** DuckDB takes positions and lengths of 32 bits; no text is longer. */
    private static final String FARTHEST = "1000000000";

    private final DuckDbVariables variables;

    DuckDbTexts(DuckDbVariables variables) {
        this.variables = variables;
    }

    String like(List<String> a) {
        return "(" + a.get(0) + " LIKE " + a.get(1) + (a.size() == 3 ? " ESCAPE " + a.get(2) : "") + ")";
    }

    String substring(List<String> a) {
        return a.size() == 2 ? substring(a.get(0), a.get(1)) : substring(a.get(0), a.get(1), a.get(2));
    }

    private String substring(String text, String start) {
        return variables.once(
                start,
                from -> "substring(" + text + ", CASE WHEN " + from + " < 1 THEN 1 WHEN " + from + " > " + FARTHEST
                        + " THEN " + FARTHEST + " ELSE " + from + " END)");
    }

    private String substring(String text, String start, String length) {
        return variables.once(List.of(start, length), bound -> {
            String from = bound.get(0);
            String count = bound.get(1);
            return "substring(" + text
                    + ", CASE WHEN " + from + " < 1 THEN 1 WHEN " + from + " > " + FARTHEST + " THEN " + FARTHEST
                    + " ELSE " + from + " END"
                    + ", CASE WHEN " + from + " IS NULL OR " + count + " IS NULL THEN NULL"
                    + " WHEN " + count + " < 0 OR " + from + " < -4000000000000000000 THEN 0"
                    + " WHEN " + from + " < 1 THEN least(greatest(" + count + " + " + from + " - 1, 0), " + FARTHEST
                    + ") ELSE least(" + count + ", " + FARTHEST + ") END)";
        });
    }

    /** {@code least} and {@code greatest} leave NULLs out, so a missing length needs a case of its own. */
    String right(String text, String length) {
        return variables.once(
                length,
                count -> "right(" + text + ", CASE WHEN " + count + " < 1 THEN 0 WHEN " + count + " > " + FARTHEST
                        + " THEN " + FARTHEST + " ELSE " + count + " END)");
    }

    String splitPart(List<String> a) {
        return "split_part(" + a.get(0) + ", " + a.get(1) + ", " + a.get(2) + ")";
    }

    String pad(String function, List<String> a) {
        return function + "(" + a.get(0) + ", CAST(" + a.get(1) + " AS INTEGER), " + a.get(2) + ")";
    }

    /** DuckDB's own {@code reverse} keeps characters together that are written on top of each other. */
    String reverse(String text) {
        return "array_to_string(list_reverse(string_split(" + text + ", '')), '')";
    }

    String character(String point) {
        return variables.once(
                point,
                code -> "CASE WHEN " + code + " BETWEEN 1 AND 55295 OR " + code
                        + " BETWEEN 57344 AND 1114111 THEN chr(CAST(" + code + " AS INTEGER)) END");
    }

    String bucket(String text, String buckets) {
        return "CAST(md5_number(" + text + ") % CAST(" + buckets + " AS UHUGEINT) AS BIGINT)";
    }

    String concat(List<String> a) {
        return "(" + String.join(" || ", a) + ")";
    }
}
