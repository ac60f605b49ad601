package dev.millwright.web.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other origins out. Listening on loopback keeps other machines out, not the browser of this one: any
 * page may send requests here, and by DNS rebinding read the answers under its own name. So the name asked for must be
 * a known one, and a browser must say that the request comes from here. Where a login is asked for, a link from elsewhere may lead
 * to a page: what it shows is shown to its user only.
 */
final class OriginGuard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final Login login;
    private final Hosts hosts;
    private final Optional<URI> published;

    /** Whether callers have to say who they are. */
    enum Login {
        NONE,
        REQUIRED
    }

    /** Under which names the server may be asked for. */
    enum Hosts {
        /** Loopback, and the public name if there is one. */
        KNOWN,
        /** The server cannot know by which names a network calls it; that cookies and tokens are needed protects it. */
        ANY
    }

    OriginGuard(Login login, Hosts hosts, Optional<URI> published) {
        this.login = login;
        this.hosts = hosts;
        this.published = published;
    }

    /** Why a request with these headers is refused, if it is. */
    Optional<String> refusal(RequestHeaders headers) {
        String authority = headers.authority();
        if (authority == null || !isKnown(authority)) {
            return Optional.of("Host: " + authority + " (expected: localhost, 127.0.0.1"
                    + published.map(url -> ", [::1] or " + url.getAuthority()).orElse(" or [::1]")
                    + "). Use one of these names in the address");
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null && !isOwn(origin, authority)) {
            return Optional.of("Origin: " + origin + " (expected: http://" + authority
                    + "). Pages of other origins may not send requests here");
        }
        String site = headers.get("sec-fetch-site");
        if (isForeign(site) && !isLink(headers)) {
            return Optional.of(
                    "Sec-Fetch-Site: " + site
                            + " (expected: same-origin or none). Copy the address into a new tab instead of following a link from another site");
        }
        return Optional.empty();
    }

    private boolean isKnown(String authority) {
        return hosts == Hosts.ANY
                || LOOPBACK.contains(hostOf(authority))
                || published
                        .filter(url -> authority.equalsIgnoreCase(url.getAuthority()))
                        .isPresent();
    }

    /** Behind a proxy that ends TLS the scheme that a browser sees is another one than ours. */
    private boolean isOwn(String origin, String authority) {
        return origin.equalsIgnoreCase("http://" + authority)
                || (login == Login.REQUIRED && origin.equalsIgnoreCase("https://" + authority))
                || published
                        .filter(url -> origin.equalsIgnoreCase(url.getScheme() + "://" + url.getAuthority()))
                        .isPresent();
    }

    private boolean isLink(RequestHeaders headers) {
        return login == Login.REQUIRED
                && (headers.method() == HttpMethod.GET || headers.method() == HttpMethod.HEAD)
                && "navigate".equals(headers.get("sec-fetch-mode"));
    }

    private static boolean isForeign(@Nullable String site) {
        return site != null && !OWN_SITES.contains(site);
    }

    /** The host of {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}, in lower case. */
    private static String hostOf(String authority) {
        int colon = authority.startsWith("[") ? authority.indexOf("]:") + 1 : authority.indexOf(':');
        return (colon > 0 ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
    }
}
