package dev.millwright.plan;

import dev.millwright.core.KnownAfter;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;

/**
 * What is said of a value that is seen before it is known.
 *
 * @param timestamp the name of the view's
 * @param lack by how much it comes too late; empty where that can't be told
 */
record KnownMessage(Later.Source source, Optional<String> timestamp, OptionalLong lack, Reporter reporter) {

    private String since() {
        return switch (source.known()) {
            case KnownAfter.At(String moment) -> "known only at " + moment;
            case KnownAfter.After(java.time.Duration length) when length.isZero() -> "known only at " + source.time();
            case KnownAfter.After(java.time.Duration length) ->
                "known only " + Lengths.words(Lengths.micros(length)) + " after " + source.time();
        };
    }

    /** The earliest moment of the other row, as the SQL of a join would say it. */
    private String moment() {
        return switch (source.known()) {
            case KnownAfter.At(String moment) -> moment;
            case KnownAfter.After(java.time.Duration length) when length.isZero() -> source.time();
            case KnownAfter.After(java.time.Duration length) ->
                source.time() + " + " + Lengths.interval(Lengths.micros(length));
        };
    }

    private String prediction() {
        return timestamp.orElseThrow();
    }

    private String asOfForm() {
        return "LEFT ASOF JOIN … MATCH_CONDITION " + prediction() + " >= " + moment();
    }

    String withoutTimestamp(String name) {
        return name + ": computed from " + source.column() + ", which is " + since()
                + " (expected: a view with 'timestamp: COLUMN', which says when a row is predicted)";
    }

    String untimed(String name) {
        return name + ": computed from " + source.column() + ", which is known only some time after its row, and "
                + source.dataset() + " doesn't say when its rows happen (expected: 'time: COLUMN' under data."
                + source.dataset() + ")";
    }

    String labelOfSeveralRows() {
        return "label: made of " + source.column()
                + " of several rows, of which each is known at another time (expected: a label of one row, the view's own or one that is looked up)";
    }

    String own(String name) {
        String remedy = source.known() instanceof KnownAfter.At
                ? "look up earlier rows with " + asOfForm() + "."
                : "look back on other rows with RANGE BETWEEN … PRECEDING AND " + delay() + " PRECEDING.";
        return name + ": computed from the row's own " + source.column() + ", which is " + since()
                + " (expected: what is known at " + prediction() + ", the view's timestamp). Leave it out of SELECT, or "
                + remedy;
    }

    String window(SqlNode call, Frame frame) {
        String name = "'" + reporter.text(call) + "': ";
        if (source.known() instanceof KnownAfter.At(String moment)) {
            return name + "sees " + source.column() + " of other rows, which is " + since()
                    + " (expected: a CTE with the window, ORDER BY " + moment + ", and " + asOfForm() + ")";
        }
        if (lack.isEmpty()) {
            return name + "not ordered by " + source.time() + ", though " + source.column() + " is " + since()
                    + " (expected: ORDER BY " + source.time() + ", and a frame that ends so long before the row)";
        }
        return name + (frame.unit() == Frame.Unit.ROWS ? "sees " + source.column() + " of the last rows"
                        : "sees " + source.column() + " up to " + end(frame))
                + ", though it is " + since() + " (expected: " + frame(frame) + ")";
    }

    private static String end(Frame frame) {
        return frame.gap() == 0 ? "the current row" : Lengths.words(frame.gap()) + " before the row";
    }

    /** The frame moved back by what lacks. */
    private String frame(Frame frame) {
        boolean rows = frame.unit() == Frame.Unit.ROWS;
        long more = lack.orElse(0);
        long gap = rows ? more : frame.gap() + more;
        OptionalLong reach = rows ? OptionalLong.empty() : frame.reach();
        String start = reach.isEmpty()
                ? "UNBOUNDED"
                : Lengths.interval(reach.getAsLong() > gap ? reach.getAsLong() : reach.getAsLong() + more);
        return "RANGE BETWEEN " + start + " PRECEDING AND " + Lengths.interval(gap) + " PRECEDING";
    }

    String asOf(SqlNode condition) {
        SqlCall call = (SqlCall) condition;
        boolean leftFirst = call.getKind() == SqlKind.GREATER_THAN || call.getKind() == SqlKind.GREATER_THAN_OR_EQUAL;
        String left = reporter.text(call.operand(leftFirst ? 0 : 1));
        String right = reporter.text(call.operand(leftFirst ? 1 : 0));
        boolean shift = lack.isPresent() && !(source.known() instanceof KnownAfter.At);
        return "'" + reporter.text(condition) + "': finds " + source.column() + " before it is known, for it is " + since()
                + " (expected: " + left + " >= " + (shift ? right + " + " + Lengths.interval(lack.getAsLong()) : moment())
                + ")";
    }

    String join(SqlNode right) {
        return "'" + reporter.text(right) + "': joined whatever its time, though " + source.column() + " is " + since()
                + " (expected: " + asOfForm() + ")";
    }

    String groups() {
        String remedy = source.known() instanceof KnownAfter.At(String moment)
                ? "a CTE with a window, ORDER BY " + moment + ", and " + asOfForm()
                : "a window: OVER (PARTITION BY … ORDER BY " + source.time() + " RANGE BETWEEN UNBOUNDED PRECEDING AND "
                        + delay() + " PRECEDING)";
        return "GROUP BY: puts together " + source.column() + " of rows whatever their time, though it is " + since()
                + " (expected: " + remedy + ")";
    }

    private String delay() {
        return source.known() instanceof KnownAfter.After(java.time.Duration length)
                ? Lengths.interval(Lengths.micros(length))
                : "";
    }

    String condition() {
        return "condition: leaves out rows by " + source.column() + ", which is " + since()
                + " (expected: what is known at " + prediction()
                + ", or columns of the label). Rows without a label aren't trained on: write it into the label, as in CASE WHEN … THEN … END.";
    }
}
