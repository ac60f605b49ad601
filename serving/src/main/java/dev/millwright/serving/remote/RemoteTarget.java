package dev.millwright.serving.remote;

import dev.millwright.core.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model on other servers, each of which answers for it.
 *
 * @param backends where the servers are: {@code http://HOST:PORT} or {@code https://HOST}
 * @param model its name there
 * @param version of it there; the server's own choice when empty
 * @param timeout how long one call may take
 * @param calls how many may be under way at a time, to all servers together
 */
public record RemoteTarget(
        List<URI> backends,
        String model,
        Optional<String> version,
        Wire wire,
        Duration timeout,
        Secret secret,
        Retries retries,
        int calls) {
    /** Ten seconds. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** As many as a server of some cores has use for. */
    public static final int CALLS = 64;

    private static final int MOST_BACKENDS = 64;
    private static final int MOST_CALLS = 4096;
    private static final int LONGEST_NAME = 256;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    public RemoteTarget {
        backends = List.copyOf(backends);
        if (backends.isEmpty() || backends.size() > MOST_BACKENDS) {
            throw new InvalidInputException("url: " + backends.size() + " (expected: 1 to " + MOST_BACKENDS + ")");
        }
        Set<URI> known = new HashSet<>();
        for (URI backend : backends) {
            requireServer(backend);
            if (!known.add(backend)) {
                throw new InvalidInputException("url: " + backend + " a second time (expected: each server once)");
            }
        }
        requireName("model", model);
        version.ifPresent(named -> requireName("version", named));
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new InvalidInputException("timeout: " + timeout.toMillis() + " ms (expected: 1 ms to 10 minutes)");
        }
        if (calls < 1 || calls > MOST_CALLS) {
            throw new InvalidInputException("calls: " + calls + " (expected: 1 to " + MOST_CALLS + ")");
        }
    }

    private static void requireName(String what, String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidInputException(
                    what + ": '" + name.strip() + "' (expected: a name of 1 to " + LONGEST_NAME + " characters)");
        }
    }

    private static void requireServer(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme();
        boolean bare = url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null
                && (url.getPath() == null || url.getPath().isEmpty());
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null || !bare) {
            throw new InvalidInputException("url: " + withoutSecrets(url)
                    + " (expected: http://HOST:PORT or https://HOST, without a path, a login or a query)");
        }
    }

    /** A login in an address is not to be shown, nor kept. */
    private static String withoutSecrets(URI url) {
        return url.toString().replaceAll("//[^/@]*@", "//…@");
    }

    /** The address of a server as somebody writes it: a slash at its end does no harm. */
    public static URI backend(String text) {
        String trimmed = text.strip();
        try {
            return new URI(trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed);
        } catch (URISyntaxException e) {
            throw new InvalidInputException("url: not an address (expected: http://HOST:PORT or https://HOST)");
        }
    }
}
