package dev.millwright.web;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other origins out. Listening on loopback keeps other machines out, not the browser of this one: any
 * page may send requests here, and by DNS rebinding read the answers under its own name. So the name asked for must be
 * a loopback one, and a browser must say that the request comes from here.
 */
final class LoopbackGuard implements DecoratingHttpServiceFunction {
    private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        Optional<String> refusal = refusal(request.headers());
        return refusal.isPresent() ? Failures.refused(context, refusal.get()) : delegate.serve(context, request);
    }

    /** Why a request with these headers is refused, if it is. */
    static Optional<String> refusal(RequestHeaders headers) {
        String authority = headers.authority();
        if (authority == null || !HOSTS.contains(hostOf(authority))) {
            return Optional.of("Host: " + authority
                    + " (expected: localhost, 127.0.0.1 or [::1]). Use one of these names in the address");
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null && !origin.equalsIgnoreCase("http://" + authority)) {
            return Optional.of("Origin: " + origin + " (expected: http://" + authority
                    + "). Pages of other origins may not send requests here");
        }
        String site = headers.get("sec-fetch-site");
        if (isForeign(site)) {
            return Optional.of(
                    "Sec-Fetch-Site: " + site
                            + " (expected: same-origin or none). Copy the address into a new tab instead of following a link from another site");
        }
        return Optional.empty();
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
