package dev.millwright.pipelines.jobs;

import dev.millwright.serving.routing.Assignment;
import dev.millwright.serving.routing.ClientHeaders;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a request said about who shall answer it, beside its body.
 *
 * @param version the one that it insists on
 * @param headers that routing looks at, by their names in lower case
 */
public record JobRouting(Optional<String> version, Map<String, String> headers) {
    /** For requests that said nothing. */
    public static final JobRouting NONE = new JobRouting(Optional.empty(), Map.of());

    /** Never written to disk, whatever routing looks at. */
    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie");

    public JobRouting {
        headers = Map.copyOf(headers);
    }

    /** Of a request with these headers, as far as its endpoint assigns requests by them now. */
    public static JobRouting of(Optional<String> version, ClientHeaders sent, Assignment assignment) {
        Map<String, String> kept = new TreeMap<>();
        for (String name : assignment.headers()) {
            String value = sent.find(name);
            if (value != null && !SECRET.contains(name)) {
                kept.put(name, value);
            }
        }
        return new JobRouting(version, kept);
    }

    /** The same with a header more, for the door at which the request is answered. */
    public JobRouting with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new JobRouting(version, more);
    }

    /** As those who route it look at them. */
    public ClientHeaders view() {
        return headers::get;
    }
}
