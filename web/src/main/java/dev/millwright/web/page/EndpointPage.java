package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * One endpoint: what serves it, how it does, and a form to try it.
 *
 * @param rollBackTo the version that a roll-back brings back, when there is one
 * @param curl a request to copy
 * @param events why raw events can't be sent here, empty when they can
 */
public record EndpointPage(
        PageHead head,
        OverviewPage.EndpointCard card,
        String reason,
        Moment since,
        Optional<Rollout> rollout,
        List<VersionTraffic> traffic,
        Optional<RunRow.VersionLink> rollBackTo,
        TryForm form,
        String curl,
        Optional<String> eventsCurl,
        List<Happening> lately,
        Optional<String> notice) {
    public EndpointPage {
        traffic = List.copyOf(traffic);
        lately = List.copyOf(lately);
    }

    /**
     * How a new version takes over.
     *
     * @param stage the present one, counted from 0
     * @param shares of the traffic at each stage
     */
    public record Rollout(
            int stage, List<Double> shares, Optional<Moment> nextAdvance, List<String> conditions, String state) {
        public Rollout {
            shares = List.copyOf(shares);
            conditions = List.copyOf(conditions);
        }
    }

    /** Counts of one version since the start. */
    public record VersionTraffic(
            VersionShare share, long requests, long failures, double errorRate, double p50, double p99) {}

    /** The form: one field a feature. */
    public record TryForm(String endpoint, List<TryField> fields, Optional<String> unavailable) {
        public TryForm {
            fields = List.copyOf(fields);
        }
    }

    /** One field, filled with an example. */
    public record TryField(String name, boolean number, String value) {}
}
