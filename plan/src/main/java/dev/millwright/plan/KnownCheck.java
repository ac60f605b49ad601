package dev.millwright.plan;

import dev.millwright.core.KnownAfter;
import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.KnownTracer.Known;
import dev.millwright.plan.Later.Through;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.calcite.sql.SqlNode;

/** Refuses features, and rows, that know at the view's timestamp what is known only later. */
final class KnownCheck {
    private final Moments moments;
    private final Optional<Field> timestamp;
    private final Places places;
    private final Reporter reporter;

    KnownCheck(Moments moments, Optional<Field> timestamp, Places places, Reporter reporter) {
        this.moments = moments;
        this.timestamp = timestamp;
        this.places = places;
        this.reporter = reporter;
    }

    /** Checks a feature that stands at {@code item}. */
    void feature(Field feature, SqlNode item, Known known) {
        tooLate(known.of(feature)).values().forEach(early -> report(early, feature.name(), item));
    }

    /**
     * Checks which rows there are.
     *
     * @param label what the label is made of: rows may be left out by what nobody has to know in order to predict
     */
    void rows(Known known, Set<Later> label, SqlNode query) {
        tooLate(known.rows()).values().stream()
                .filter(early -> early.later().through().isPresent())
                .filter(early ->
                        label.stream().noneMatch(later -> isOf(early.later().source(), later.source())))
                .forEach(early -> report(early, "rows", query));
    }

    /** That the label is known so long after the view's timestamp. */
    Later label(Duration delay) {
        Later.Source source = new Later.Source(
                "",
                Optional.of("label"),
                new KnownAfter.After(delay),
                timestamp.map(Field::name).orElse(""));
        Optional<Moment> since =
                timestamp.map(field -> moments.of(new Ref(field)).plus(Lengths.micros(delay)));
        return new Later(source, since, Optional.empty());
    }

    /** Why nobody can tell when a label is known. */
    String labelWithoutTime(Set<Later> label) {
        if (label.stream()
                .anyMatch(later ->
                        later.source().dataset().isEmpty() && later.since().isEmpty())) {
            return "label: known_after some time of the row (expected: 'timestamp: COLUMN' under features, which says when that is)";
        }
        Later lost = label.stream()
                .filter(later -> later.since().isEmpty())
                .findFirst()
                .orElseGet(() -> label.iterator().next());
        KnownMessage message =
                new KnownMessage(lost.source(), timestamp.map(Field::name), OptionalLong.empty(), reporter);
        return lost.through().filter(Through.Untimed.class::isInstance).isPresent()
                ? message.untimed("label")
                : message.labelOfSeveralRows();
    }

    /** Whether it is the column, or says when the column is known. */
    private static boolean isOf(Later.Source source, Later.Source column) {
        return source.dataset().equals(column.dataset())
                && (source.column().equals(column.column())
                        || (column.known() instanceof KnownAfter.At(String moment)
                                && source.column()
                                        .filter(moment::equalsIgnoreCase)
                                        .isPresent()));
    }

    /** @param lack by how much it comes too late; empty where that can't be told */
    private record Early(Later later, OptionalLong lack) {
        boolean isWorseThan(Early other) {
            if (lack.isPresent() && other.lack().isPresent()) {
                return lack.getAsLong() > other.lack().getAsLong();
            }
            boolean rows = later.source().column().isEmpty(); // a column of them says more
            return lack.isEmpty() && (other.lack().isPresent() || !rows);
        }
    }

    /** The worst for each place that could be mended. */
    private Map<Optional<Through>, Early> tooLate(Set<Later> values) {
        Map<Optional<Through>, Early> worst = new LinkedHashMap<>();
        for (Later later : values) {
            Early early = new Early(later, lack(later));
            if (early.lack().isEmpty() || early.lack().getAsLong() > 0) {
                worst.merge(later.through(), early, (one, other) -> other.isWorseThan(one) ? other : one);
            }
        }
        return worst;
    }

    private OptionalLong lack(Later later) {
        if (later.since().isEmpty() || timestamp.isEmpty()) {
            return OptionalLong.empty();
        }
        Moment prediction = moments.of(new Ref(timestamp.get()));
        OptionalLong lag = moments.lag(later.since().get(), prediction.clock());
        return lag.isPresent() ? OptionalLong.of(lag.getAsLong() - prediction.micros()) : lag;
    }

    private void report(Early early, String name, SqlNode item) {
        Later later = early.later();
        KnownMessage message = new KnownMessage(later.source(), timestamp.map(Field::name), early.lack(), reporter);
        if (timestamp.isEmpty()) {
            reporter.report(item, message.withoutTimestamp(name));
            return;
        }
        if (later.through().isEmpty()) {
            reporter.report(item, message.own(name));
            return;
        }
        switch (later.through().get()) {
            case Through.Window(Relation.WindowCall call) -> {
                SqlNode node = places.of(call.aggregate());
                reporter.report(node, message.window(node, call.window().frame()));
            }
            case Through.Join(Relation.Lookup lookup) -> {
                SqlNode node = places.of(lookup);
                reporter.report(node, lookup.asOf().isPresent() ? message.asOf(node) : message.join(node));
            }
            case Through.Groups(Relation.Aggregate aggregate) ->
                reporter.report(places.of(aggregate), message.groups());
            case Through.Condition(Relation.Filter filter) -> reporter.report(places.of(filter), message.condition());
            case Through.Untimed() -> reporter.report(item, message.untimed(name));
        }
    }
}
