package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import dev.millwright.web.access.AccessOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How the server listens.
 *
 * @param access the address to listen on, and who is asked to log in
 * @param port 0 takes a free one
 * @param token what the home's user presents; at least 16 characters
 * @param version of the program, as pages and {@code /v2} say it
 * @param requestLimit the longest request body, in bytes
 * @param requestTimeout how long a client may take to send a request and receive its answer; followers of a run may take longer
 */
public record WebOptions(
        AccessOptions access, int port, String token, String version, long requestLimit, Duration requestTimeout) {
    static final String LOOPBACK = "127.0.0.1";

    public WebOptions {
        if (port < 0 || port > 65_535) {
            throw new MillwrightException(WebError.BAD_REQUEST, "port: " + port + " (expected: 0 to 65535)");
        }
        if (token.length() < 16) {
            throw new MillwrightException(
                    WebError.BAD_REQUEST, "token: " + token.length() + " characters (expected: at least 16)");
        }
    }

    /** On this machine alone. */
    public static WebOptions loopback(int port, String token, String version) {
        return of(AccessOptions.loopback(), port, token, version);
    }

    /** With limits that suit most: bodies up to 32 MiB, 30 s a request. */
    public static WebOptions of(AccessOptions access, int port, String token, String version) {
        return new WebOptions(access, port, token, version, 32L << 20, Duration.ofSeconds(30));
    }

    /** The address to bind, without the brackets that a URL puts around IPv6. */
    String address() {
        return switch (access.host()) {
            case "localhost" -> "127.0.0.1";
            case "[::1]" -> "::1";
            case "[::]" -> "::";
            default -> access.host();
        };
    }

    /** Where to listen: commands of this machine come by loopback, so that it is never left out. */
    List<InetSocketAddress> addresses() {
        InetSocketAddress first = new InetSocketAddress(address(), port);
        return access.onLoopback() || access.everywhere()
                ? List.of(first)
                : List.of(first, new InetSocketAddress(LOOPBACK, 0));
    }

    /** The host as a URL writes it; that of this machine where the server listens everywhere. */
    String urlHost() {
        if (access.everywhere()) {
            return "127.0.0.1";
        }
        return address().contains(":") ? "[" + address() + "]" : address();
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "WebOptions[access=" + access + ", port=" + port + ", token=***, version=" + version + ", requestLimit="
                + requestLimit + ", requestTimeout=" + requestTimeout + "]";
    }
}
