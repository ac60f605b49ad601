package dev.millwright.monitoring;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where and how alerts are posted.
 *
 * @param url https, or http to this machine
 * @param headers sent along: an authorisation, say; never printed
 * @param attempts in all
 * @param backoff before the second attempt, doubled before each further one
 * @param queued alerts that may wait; those beyond are dropped and recorded
 */
public record WebhookOptions(
        URI url, Map<String, String> headers, Duration timeout, int attempts, Duration backoff, int queued) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public WebhookOptions {
        headers = Map.copyOf(headers);
        requireSafe(url);
        if (attempts < 1 || queued < 1) {
            throw new IllegalArgumentException(
                    "attempts, queued: " + attempts + ", " + queued + " (expected: at least 1)");
        }
    }

    /**
     * Goes on with an address that may be called: https, or http to this machine.
     *
     * @throws IllegalArgumentException with the reason, when it is another one
     */
    public static void requireSafe(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        boolean safe = scheme.equals("https") || (scheme.equals("http") && LOOPBACK.contains(host));
        if (!safe || host.isEmpty()) {
            throw new IllegalArgumentException(
                    "webhook: " + scheme + "://" + host + " (expected: https://…, or http:// to localhost)");
        }
    }

    /** Ten seconds an attempt, five attempts within half a minute. */
    public static WebhookOptions of(URI url) {
        return new WebhookOptions(url, Map.of(), Duration.ofSeconds(10), 5, Duration.ofSeconds(2), 1_000);
    }

    /** Without the headers and the path, which may hold secrets. */
    @Override
    public String toString() {
        return "webhook to " + url.getHost();
    }
}
