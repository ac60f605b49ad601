package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * One endpoint: what serves it, how it does, and a form to try it.
 *
 * @param rollBackTo the version that a roll-back brings back, when there is one
 * @param backends the other servers that answer for what serves; none where this one does
 * @param answer to the form, when it was just sent without scripts
 * @param commands requests to copy, one a protocol; none where nothing serves
 * @param decisions about rollouts, the newest first, with the figures that they rest on
 * @param notice what was just done
 */
public record EndpointPage(
        PageHead head,
        OverviewPage.EndpointCard card,
        String reason,
        Moment since,
        Optional<RolloutPart> rollout,
        List<VersionTraffic> traffic,
        List<Backend> backends,
        Optional<RunRow.VersionLink> rollBackTo,
        TryForm form,
        Optional<TryAnswer> answer,
        List<Command> commands,
        List<RolloutPart.Decision> decisions,
        List<Happening> lately,
        Optional<String> notice) {
    public EndpointPage {
        traffic = List.copyOf(traffic);
        backends = List.copyOf(backends);
        commands = List.copyOf(commands);
        decisions = List.copyOf(decisions);
        lately = List.copyOf(lately);
    }

    /** A command for a shell, and the protocol that it speaks. */
    public record Command(String protocol, String text) {}

    /** Counts of one version since the start. */
    public record VersionTraffic(
            VersionShare share, long requests, long failures, double errorRate, double p50, double p99) {}

    /**
     * A server that answers for a version.
     *
     * @param outstanding calls under way
     * @param milliseconds that a call took on average; NaN before the first
     */
    public record Backend(
            String version,
            String url,
            Badge state,
            int outstanding,
            long calls,
            double errorRate,
            double milliseconds) {}

    /** The form: one field a feature. */
    public record TryForm(String endpoint, List<TryField> fields, Optional<String> unavailable) {
        public TryForm {
            fields = List.copyOf(fields);
        }
    }

    /** One field, filled with an example. */
    public record TryField(String name, boolean number, String value) {}
}
