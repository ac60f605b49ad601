package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * How a new version takes over an endpoint: under way, or decided.
 *
 * @param strategy as a pipeline file says it
 * @param standing where it is, in a few words
 * @param stages what they are called
 * @param stage the present one, counted from 0
 * @param ends the earliest end of the stage, when time decides
 * @param conditions that turn it back
 * @param figures what is known
 */
public record RolloutPart(
        String strategy,
        String standing,
        List<String> stages,
        int stage,
        Optional<Moment> ends,
        List<String> conditions,
        FiguresTable figures) {
    public RolloutPart {
        stages = List.copyOf(stages);
        conditions = List.copyOf(conditions);
    }

    /**
     * What a decision rests on.
     *
     * @param score what quality is; empty when it was not looked at
     */
    public record FiguresTable(List<Row> rows, Optional<String> score, List<Fact> facts) {
        public FiguresTable {
            rows = List.copyOf(rows);
            facts = List.copyOf(facts);
        }
    }

    /** One version's. */
    public record Row(
            String name, long requests, double errorRate, double p50, double p99, Optional<Quality> quality) {}

    /** The mean score of labelled predictions, and where it is with certainty. */
    public record Quality(long labels, double mean, double lower, double upper) {}

    /**
     * A decision of the past.
     *
     * @param sequence of the event that says so
     */
    public record Decision(long sequence, Moment at, String what, String reason, Optional<FiguresTable> figures) {}
}
