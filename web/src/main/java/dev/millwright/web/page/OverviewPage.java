package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * What serves, whether it is healthy, and what happened lately.
 *
 * @param running pipeline runs that are under way
 */
public record OverviewPage(PageHead head, List<EndpointCard> endpoints, List<Running> running, List<Happening> lately) {
    public OverviewPage {
        endpoints = List.copyOf(endpoints);
        running = List.copyOf(running);
        lately = List.copyOf(lately);
    }

    /** Whether nothing was ever done in this home. */
    public boolean isNew() {
        return endpoints.isEmpty() && running.isEmpty() && lately.isEmpty();
    }

    /**
     * A run that is under way.
     *
     * @param step its present one
     * @param ordinal of that step, from 1
     * @param total how many steps there will be; 0 when nobody knows
     */
    public record Running(RunRow run, String step, int ordinal, int total) {}

    /** One endpoint at a glance; traffic is absent when nothing came since the start. */
    public record EndpointCard(
            String name,
            Badge health,
            List<VersionShare> shares,
            Optional<Traffic> traffic,
            Badge drift,
            Sparkline requests) {
        public EndpointCard {
            shares = List.copyOf(shares);
        }
    }

    /**
     * Requests of the last minutes.
     *
     * @param p99 in milliseconds
     * @param errorRate from 0 to 1
     */
    public record Traffic(double perSecond, double p99, double errorRate, long requests) {}
}
