package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.Section.YamlSource;
import dev.millwright.plan.OnlineView;
import java.time.Duration;
import java.util.Optional;

/**
 * How a view takes events one at a time.
 *
 * @param eventId the column of the view's own table by which events are told apart
 * @param lateness how far behind the newest event another may be and still be counted exactly
 */
public record OnlineOptions(Optional<Located> eventId, Duration lateness) {
    public static final OnlineOptions DEFAULT = new OnlineOptions(Optional.empty(), OnlineView.DEFAULT_LATENESS);

    private static final Duration LONGEST = Duration.ofDays(3660);

    /** The keys {@code event_id} and {@code lateness} of the {@code features:} section. */
    static OnlineOptions read(Section features) {
        YamlSource source = features.source();
        Optional<Duration> lateness =
                features.parsed("lateness", (text, at) -> Values.duration(text, at.child("lateness"), source));
        if (lateness.filter(length -> length.compareTo(LONGEST) > 0).isPresent()) {
            source.report(
                    features.position("lateness"),
                    features.child("lateness") + ": " + lateness.get().toDays() + "d (expected: at most "
                            + LONGEST.toDays() + "d). What is late for so long is kept in memory for so long.");
        }
        return new OnlineOptions(features.text("event_id"), lateness.orElse(DEFAULT.lateness()));
    }

    /** Says of {@code event_id} what is wrong with it, when {@code table} is the view's own. */
    Optional<Problem> problem(String name, Schema table) {
        if (eventId.isEmpty()) {
            return Optional.empty();
        }
        String given = eventId.get().text();
        Optional<Column> column = table.find(given);
        if (column.isEmpty()) {
            return Optional.of(Problem.at(
                    eventId.get().position(),
                    "features.event_id: " + given + " (expected: a column of " + name + ")."
                            + Words.suggestion(given, table.names())));
        }
        return column.filter(found -> found.type() != ColumnType.BIGINT && found.type() != ColumnType.VARCHAR)
                .map(found -> Problem.at(
                        eventId.get().position(),
                        "features.event_id: " + given + " is " + found.type().label()
                                + " (expected: a column of whole numbers or text that is another in each row)."));
    }

    /** The same text for the same options. */
    String described() {
        return eventId.map(Located::text).orElse("") + " " + lateness;
    }

    /** The column of the ids, if the file names one. */
    Optional<Column> idColumn(Schema table) {
        return eventId.flatMap(name -> table.find(name.text()));
    }
}
