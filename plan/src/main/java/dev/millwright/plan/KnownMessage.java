package dev.millwright.plan;

import dev.millwright.core.KnownAfter;
import java.time.Duration;
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

    private String subject() {
        return source.column().orElse("rows of " + source.dataset());
    }

    private String is() {
        return source.column().isPresent() ? "is " : "are ";
    }

    private String itIs() {
        return source.column().isPresent() ? "it is " : "they are ";
    }

    private String since() {
        return switch (source.known()) {
            case KnownAfter.At(String moment) -> "known only at " + moment;
            case KnownAfter.After(Duration length) when length.isZero() -> "known only at " + source.time();
            case KnownAfter.After(Duration length) ->
                "known only " + Lengths.words(Lengths.micros(length)) + " after " + source.time();
        };
    }

    /** The earliest moment of the other row, as the SQL of a join would say it. */
    private String moment() {
        return switch (source.known()) {
            case KnownAfter.At(String moment) -> moment;
            case KnownAfter.After(Duration length) when length.isZero() -> source.time();
            case KnownAfter.After(Duration length) -> source.time() + " + " + Lengths.interval(Lengths.micros(length));
        };
    }

    /** Where a frame over other rows ends. */
    private String end() {
        return source.known() instanceof KnownAfter.After(Duration length) && !length.isZero()
                ? Lengths.interval(Lengths.micros(length)) + " PRECEDING"
                : "CURRENT ROW";
    }

    private String prediction() {
        return timestamp.orElseThrow();
    }

    private String asOfForm() {
        return "LEFT ASOF JOIN … MATCH_CONDITION " + prediction() + " >= " + moment();
    }

    String withoutTimestamp(String name) {
        return name + ": computed from " + subject() + ", which " + is() + since()
                + " (expected: a view with 'timestamp: COLUMN', which says when a row is predicted)";
    }

    String untimed(String name) {
        return name + ": computed from " + subject() + ", which is known only some time after its row, and "
                + source.dataset() + " doesn't say when its rows happen (expected: 'time: COLUMN' under data."
                + source.dataset() + ")";
    }

    String labelOfSeveralRows() {
        return "label: made of " + subject()
                + " of several rows, of which each is known at another time (expected: a label of one row, the view's own or one that is looked up)";
    }

    String own(String name) {
        String remedy = source.known() instanceof KnownAfter.At
                ? "look up earlier rows with " + asOfForm() + "."
                : "look back on other rows with RANGE BETWEEN … PRECEDING AND " + end() + ".";
        return name + ": computed from the row's own " + subject() + ", which " + is() + since()
                + " (expected: what is known at " + prediction()
                + ", the view's timestamp). Leave it out of SELECT, or " + remedy;
    }

    String window(SqlNode call, Frame frame) {
        String name = "'" + reporter.text(call) + "': ";
        if (source.known() instanceof KnownAfter.At(String moment)) {
            return name + "sees " + subject() + " of other rows, which " + is() + since()
                    + " (expected: a CTE with the window, ORDER BY " + moment + ", and " + asOfForm() + ")";
        }
        if (lack.isEmpty()) {
            return name + "not ordered by " + source.time() + ", though " + subject() + " " + is() + since()
                    + " (expected: ORDER BY " + source.time() + ", and a frame that ends with " + end() + ")";
        }
        return name + "sees " + subject()
                + (frame.unit() == Frame.Unit.ROWS ? " of the last rows" : " up to " + end(frame))
                + ", though " + itIs() + since() + " (expected: " + moved(frame) + ")";
    }

    private static String end(Frame frame) {
        return frame.gap() == 0 ? "the current row" : Lengths.words(frame.gap()) + " before the row";
    }

    /** The frame moved back by what lacks. */
    private String moved(Frame frame) {
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
        return "'" + reporter.text(condition) + "': finds " + subject() + " too early, for " + itIs() + since()
                + " (expected: " + left + " >= "
                + (shift ? right + " + " + Lengths.interval(lack.getAsLong()) : moment())
                + ")";
    }

    String join(SqlNode right) {
        return "'" + reporter.text(right) + "': joined whatever its time, though " + subject() + " " + is() + since()
                + " (expected: " + asOfForm() + ")";
    }

    String groups() {
        String remedy = source.known() instanceof KnownAfter.At(String moment)
                ? "a CTE with a window, ORDER BY " + moment + ", and " + asOfForm()
                : "a window: OVER (PARTITION BY … ORDER BY " + source.time() + " RANGE BETWEEN UNBOUNDED PRECEDING AND "
                        + end() + ")";
        return "GROUP BY: puts together "
                + source.column().map(column -> column + " of rows").orElse(subject())
                + " whatever their time, though " + itIs() + since() + " (expected: " + remedy + ")";
    }

    String condition() {
        return "condition: leaves out rows by " + subject() + ", which " + is() + since()
                + " (expected: what is known at " + prediction()
                + ", or columns of the label). Rows without a label aren't trained on: write it into the label, as in CASE WHEN … THEN … END.";
    }
}
