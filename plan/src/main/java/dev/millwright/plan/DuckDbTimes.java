package dev.millwright.plan;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints operations on timestamps for DuckDB, where they are naive and in UTC, so that they mean what {@link Operation} says. */
final class DuckDbTimes {
    private final ZoneId zone;
    private final DuckDbVariables variables;

    DuckDbTimes(ZoneId zone, DuckDbVariables variables) {
        this.zone = zone;
        this.variables = variables;
    }

    static String literal(long micros) {
        LocalDateTime utc = LocalTime.local(micros, ZoneOffset.UTC);
        return "TIMESTAMP '" + utc.format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)) + "'";
    }

    /** @param time a plain column, for it is repeated */
    static String inRange(String time) {
        return "CASE WHEN " + time + " BETWEEN " + literal(LocalTime.EARLIEST) + " AND " + literal(LocalTime.LATEST)
                + " THEN " + time + " END";
    }

    private String toUtc(String local) {
        if (zone.normalized() instanceof ZoneOffset offset) {
            return offset.getTotalSeconds() == 0 ? local : "(" + local + " - " + interval(offset) + ")";
        }
        return "timezone('UTC', timezone(" + DuckDbExpressions.text(zone.getId()) + ", " + local + "))";
    }

    private String toLocal(String utc) {
        if (zone.normalized() instanceof ZoneOffset offset) {
            return offset.getTotalSeconds() == 0 ? utc : "(" + utc + " + " + interval(offset) + ")";
        }
        return "timezone(" + DuckDbExpressions.text(zone.getId()) + ", timezone('UTC', " + utc + "))";
    }

    private static String interval(ZoneOffset offset) {
        return "to_seconds(" + offset.getTotalSeconds() + ")";
    }

    String parse(String text) {
        return toUtc("TRY_CAST(regexp_extract(" + text + ", " + DuckDbExpressions.text(LocalTime.PATTERN)
                + ", 1) AS TIMESTAMP)");
    }

    String extract(CalendarField field, String time) {
        return field == CalendarField.EPOCH
                ? "(epoch_us(date_trunc('second', " + time + ")) // 1000000)"
                : part(field.label(), toLocal(time));
    }

    private static String part(String field, String local) {
        return "CAST(date_part('" + field + "', " + local + ") AS BIGINT)";
    }

    String floor(CalendarField unit, String time) {
        if (unit.isDayOrLonger()) {
            return toUtc("CAST(date_trunc('" + unit.label() + "', " + toLocal(time) + ") AS TIMESTAMP)");
        }
        return variables.once(
                time,
                utc -> variables.once(
                        toLocal(utc),
                        local -> "(" + utc + " - to_microseconds(epoch_us(" + local + ") - epoch_us(date_trunc('"
                                + unit.label() + "', " + local + "))))"));
    }

    String lastDay(String time) {
        return toUtc("(CAST(date_trunc('month', " + toLocal(time) + ") AS TIMESTAMP) + to_months(1) - to_days(1))");
    }

    /** A longer length leads out of range from everywhere. */
    String add(String time, String length) {
        long longest = LocalTime.LATEST - LocalTime.EARLIEST;
        return made(variables.once(
                length,
                micros -> "CASE WHEN " + micros + " BETWEEN -" + longest + " AND " + longest + " THEN epoch_us(" + time
                        + ") + " + micros + " END"));
    }

    /** The timestamp, NULL out of range. */
    private String made(String micros) {
        return variables.once(
                micros,
                sum -> "CASE WHEN " + sum + " BETWEEN " + LocalTime.EARLIEST + " AND " + LocalTime.LATEST
                        + " THEN make_timestamp(" + sum + ") END");
    }

    String addMonths(String time, String months) {
        String added = variables.once(
                months,
                count -> "CASE WHEN " + count + " BETWEEN " + -LocalTime.MOST_MONTHS + " AND "
                        + LocalTime.MOST_MONTHS + " THEN " + toLocal(time) + " + to_months(CAST(" + count
                        + " AS INTEGER)) END");
        return made("epoch_us(" + toUtc("(" + added + ")") + ")");
    }

    /** Months of the calendar, less one that isn't complete: in which less has passed of the last month than of the first. */
    String monthsBetween(String from, String to) {
        return variables.once(List.of(toLocal(from), toLocal(to)), local -> {
            String first = local.get(0);
            String last = local.get(1);
            String months = "((" + part("year", last) + " - " + part("year", first) + ") * 12 + " + part("month", last)
                    + " - " + part("month", first) + ")";
            return variables.once(
                    List.of(months, passed(first), passed(last)),
                    all -> "(" + all.get(0) + " - CASE WHEN " + all.get(0) + " > 0 AND " + all.get(2) + " < "
                            + all.get(1) + " THEN 1 WHEN " + all.get(0) + " < 0 AND " + all.get(2) + " > "
                            + all.get(1) + " THEN -1 ELSE 0 END)");
        });
    }

    private static String passed(String local) {
        return "(epoch_us(" + local + ") - epoch_us(date_trunc('month', " + local + ")))";
    }

    /** Checks the ranges before DuckDB can fail on them. */
    String make(List<String> parts) {
        String[] ranges = {"1 AND 9999", "1 AND 12", "1 AND 31", "0 AND 23", "0 AND 59", "0 AND 59"};
        return variables.once(parts, bound -> {
            List<String> checks = new ArrayList<>();
            for (int i = 0; i < ranges.length; i++) {
                checks.add(bound.get(i) + " BETWEEN " + ranges[i]);
            }
            String made = "TRY(make_timestamp(" + String.join(", ", bound) + "))"; // NULL for February 30th
            return "CASE WHEN " + String.join(" AND ", checks) + " THEN " + toUtc(made) + " END";
        });
    }
}
