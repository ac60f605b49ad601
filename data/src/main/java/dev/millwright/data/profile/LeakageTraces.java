package dev.millwright.data.profile;

import dev.millwright.core.ColumnType;
import dev.millwright.core.Task;
import dev.millwright.data.Sql;
import dev.millwright.data.profile.ColumnSummary.ValueCount;
import dev.millwright.data.profile.LeakageWarning.Kind;
import dev.millwright.data.profile.TableQuery.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks for traces that a label left in a column, whether or not the column predicts well. Over all rows. */
final class LeakageTraces {
    /** Values of a column that agree with the mean label before this is more than chance. */
    private static final int ENOUGH_VALUES = 5;

    private static final double NEARLY_ALL_ROWS = 0.9;

    /** Of the label's deviation, 1 for classes: half a unit of the fourth decimal, to which such columns are often rounded. */
    private static final double ROUNDING = 5e-5;

    private static final long ENOUGH_ROWS = 50;
    private static final double ONE_CLASS_ALONE = 0.99;
    private static final double SHARE_OF_CLASS = 0.1;
    private static final double MOST_OF_ALL = 0.5;
    private static final double MOST_LATER = 0.5;

    private final TableQuery query;
    private final List<ColumnSummary> summaries;
    private final Place label;
    private final Task task;
    private final LeakageWording wording;
    private final String relation;

    LeakageTraces(TableQuery query, List<ColumnSummary> summaries, Place label, Task task, LeakageWording wording) {
        this.query = query;
        this.summaries = summaries;
        this.label = label;
        this.task = task;
        this.wording = wording;
        this.relation = query.table().relation();
    }

    private List<Place> others(LeakageRule.Verdict verdict) {
        Set<String> accused =
                verdict.tooGood().stream().map(ColumnScore::column).collect(Collectors.toSet());
        return query.columns().stream()
                .filter(column -> !column.equals(label) && !accused.contains(column.name()))
                .toList();
    }

    /**
     * Numbers that are the mean label of the rows that have them. An honest number never is: this one was made by replacing a
     * category by its mean label, each row's own among them.
     */
    List<LeakageWarning> madeFromTheLabel(LeakageRule.Verdict verdict) {
        if (task == Task.MULTICLASS) {
            return List.of();
        }
        List<LeakageWarning> warnings = new ArrayList<>();
        for (Place column : others(verdict)) {
            ColumnSummary summary = summaries.get(column.index());
            if (column.column().type() == ColumnType.DOUBLE
                    && summary.distinct() >= ENOUGH_VALUES
                    && 2 * summary.distinct() <= summary.present()
                    && isMeanLabel(column)) {
                warnings.add(new LeakageWarning(
                        Kind.MADE_FROM_THE_LABEL, List.of(column.name()), wording.madeFromTheLabel(column.name())));
            }
        }
        return warnings;
    }

    private boolean isMeanLabel(Place column) {
        String number = task == Task.REGRESSION
                ? "CAST(" + label.sql() + " AS DOUBLE)"
                : "CASE WHEN " + is(highest()) + " THEN 1.0 ELSE 0.0 END";
        double tolerance = ROUNDING * (task == Task.REGRESSION ? deviation() : 1);
        String groups = "(SELECT " + column.sql() + " AS v, count(*) AS n, avg(" + number + ") AS m FROM " + relation
                + " WHERE " + column.sql() + " IS NOT NULL AND " + label.sql() + " IS NOT NULL GROUP BY v)";
        String mirrored = task == Task.REGRESSION ? "m" : "1 - m";
        return agreesWith("m", groups, tolerance) || agreesWith(mirrored, groups, tolerance);
    }

    /** Whether nearly all rows have the mean, and enough of the values are no mere 0 and 1. */
    private boolean agreesWith(String mean, String groups, double tolerance) {
        String agrees = "abs(v - (" + mean + ")) <= " + NumberStudy.number(tolerance);
        return query.session()
                .single(
                        "SELECT coalesce(sum(n) FILTER (WHERE " + agrees + ") / sum(n), 0), count(*) FILTER (WHERE "
                                + agrees + " AND n > 1 AND v <> 0 AND v <> 1) FROM " + groups,
                        row -> row.getDouble(1) >= NEARLY_ALL_ROWS && row.getLong(2) >= ENOUGH_VALUES);
    }

    private String is(String value) {
        return "CAST(" + label.sql() + " AS VARCHAR) = " + Sql.literal(value);
    }

    private String highest() {
        return summaries.get(label.index()).maximum().orElseThrow();
    }

    private double deviation() {
        return summaries
                .get(label.index())
                .numbers()
                .map(NumberSummary::deviation)
                .orElse(0.0);
    }

    private record Presence(long with, long without) {}

    /** Columns that have a value, or none, in rows of one rarer class alone. */
    List<LeakageWarning> missingByLabel(LeakageRule.Verdict verdict) {
        if (task == Task.REGRESSION) {
            return List.of();
        }
        List<LeakageWarning> warnings = new ArrayList<>();
        List<ValueCount> classes = summaries.get(label.index()).frequent();
        long labelled = summaries.get(label.index()).present();
        for (Place column : others(verdict)) {
            if (summaries.get(column.index()).missing() == 0) {
                continue;
            }
            Presence all = presence(column, label.sql() + " IS NOT NULL");
            for (ValueCount each : classes) {
                if (each.rows() <= MOST_OF_ALL * labelled) {
                    Presence ofClass = presence(column, is(each.value()));
                    if (isAlone(ofClass.with(), all.with(), each.rows())) {
                        warnings.add(missing(column, each, "has a value", ofClass.with(), all.with()));
                    } else if (isAlone(ofClass.without(), all.without(), each.rows())) {
                        warnings.add(missing(column, each, "is missing", ofClass.without(), all.without()));
                    }
                }
            }
        }
        return warnings;
    }

    private static boolean isAlone(long ofClass, long all, long classRows) {
        return all >= ENOUGH_ROWS && ofClass >= ONE_CLASS_ALONE * all && ofClass >= SHARE_OF_CLASS * classRows;
    }

    private LeakageWarning missing(Place column, ValueCount of, String state, long ofClass, long all) {
        return new LeakageWarning(
                Kind.MISSING_BY_LABEL,
                List.of(column.name()),
                wording.missingByLabel(column.name(), state, of.value(), ofClass, all));
    }

    private Presence presence(Place column, String condition) {
        return query.session()
                .single(
                        "SELECT count(" + column.sql() + "), count(*) FROM " + relation + " WHERE " + condition,
                        row -> new Presence(row.getLong(1), row.getLong(2) - row.getLong(1)));
    }

    /** Timestamps that are mostly later than the row's own, and columns that are there exactly when one of these is. */
    List<LeakageWarning> knownAfter(Place time) {
        List<LeakageWarning> warnings = new ArrayList<>();
        for (Place column : query.columns()) {
            if (column.column().type() == ColumnType.TIMESTAMP && !column.equals(time) && !column.equals(label)) {
                double later = query.session()
                        .single(
                                "SELECT coalesce(avg(CASE WHEN " + column.sql() + " > " + time.sql()
                                        + " THEN 1.0 ELSE 0.0 END), 0) FROM " + relation + " WHERE " + column.sql()
                                        + " IS NOT NULL AND " + time.sql() + " IS NOT NULL",
                                row -> row.getDouble(1));
                if (later > MOST_LATER) {
                    List<String> companions = companions(column);
                    List<String> all = new ArrayList<>(List.of(column.name()));
                    all.addAll(companions);
                    warnings.add(new LeakageWarning(
                            Kind.KNOWN_AFTER, all, wording.knownAfter(column.name(), time.name(), later, companions)));
                }
            }
        }
        return warnings;
    }

    private List<String> companions(Place late) {
        long missing = summaries.get(late.index()).missing();
        return missing == 0
                ? List.of()
                : query.columns().stream()
                        .filter(column -> !column.equals(late)
                                && !column.equals(label)
                                && summaries.get(column.index()).missing() == missing)
                        .filter(column -> query.session()
                                        .count(String.format(
                                                Locale.ROOT,
                                                "SELECT count(*) FROM %s WHERE (%s IS NULL) <> (%s IS NULL)",
                                                relation,
                                                column.sql(),
                                                late.sql()))
                                == 0)
                        .map(Place::name)
                        .toList();
    }
}
