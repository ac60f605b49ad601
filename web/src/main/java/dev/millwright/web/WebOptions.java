package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import java.time.Duration;
import java.util.Set;

/**
 * How the server listens.
 *
 * @param host a loopback name or address: {@code localhost}, {@code 127.0.0.1} or {@code ::1}
 * @param port 0 takes a free one
 * @param token what a caller of the control API must present; at least 16 characters
 * @param version of the program, as pages and {@code /v2} say it
 * @param requestLimit the longest request body, in bytes
 * @param requestTimeout how long a client may take to send a request and receive its answer; followers of a run may take longer
 */
public record WebOptions(
        String host, int port, String token, String version, long requestLimit, Duration requestTimeout) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    public WebOptions {
        if (!LOOPBACK.contains(host)) {
            throw new MillwrightException(
                    WebError.ADDRESS_NEEDS_LOGIN,
                    "host: " + host
                            + " (expected: localhost, 127.0.0.1 or ::1). Others could reach that address, and there"
                            + " is no login yet; bind to 127.0.0.1 and put an authenticating proxy or an SSH tunnel before it");
        }
        if (port < 0 || port > 65_535) {
            throw new MillwrightException(WebError.BAD_REQUEST, "port: " + port + " (expected: 0 to 65535)");
        }
        if (token.length() < 16) {
            throw new MillwrightException(
                    WebError.BAD_REQUEST, "token: " + token.length() + " characters (expected: at least 16)");
        }
    }

    /** With limits that suit a laptop: bodies up to 32 MiB, 30 s a request. */
    public static WebOptions loopback(int port, String token, String version) {
        return new WebOptions("127.0.0.1", port, token, version, 32L << 20, Duration.ofSeconds(30));
    }

    /** The address to bind, without the brackets that a URL puts around IPv6. */
    String address() {
        return switch (host) {
            case "localhost" -> "127.0.0.1";
            case "[::1]" -> "::1";
            default -> host;
        };
    }

    /** The host as a URL writes it. */
    String urlHost() {
        return address().contains(":") ? "[" + address() + "]" : address();
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "WebOptions[host=" + host + ", port=" + port + ", token=***, version=" + version + ", requestLimit="
                + requestLimit + ", requestTimeout=" + requestTimeout + "]";
    }
}
