package dev.millwright.web.access;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The cookies of a login, as values of Set-Cookie headers: out of reach of scripts, not sent along with what other sites post, and,
 * where users reach the server by https, never in the clear.
 */
public final class LoginCookies {
    private static final String SESSION = "millwright_session";
    private static final String ATTEMPT = "millwright_login";

    private final Optional<URI> publicUrl;

    /**
     * Makes cookies.
     *
     * @param publicUrl under which users reach the server, if that is known
     */
    public LoginCookies(Optional<URI> publicUrl) {
        this.publicUrl = publicUrl;
    }

    /** Begins a session. */
    public String session(String secret, Duration life) {
        return cookie(SESSION, secret, life);
    }

    /** Ends it. */
    public String endSession() {
        return cookie(SESSION, "", Duration.ZERO);
    }

    /** Binds a login at an identity provider to this browser. */
    public String attempt(String state, Duration life) {
        return cookie(ATTEMPT, state, life);
    }

    /** The state of the login that this browser began. */
    public static Optional<String> attempt(RequestHeaders headers) {
        return read(headers, ATTEMPT);
    }

    static Optional<String> session(RequestHeaders headers) {
        return read(headers, SESSION);
    }

    private static Optional<String> read(RequestHeaders headers, String name) {
        String cookies = headers.get(HttpHeaderNames.COOKIE);
        if (cookies == null) {
            return Optional.empty();
        }
        return Cookie.fromCookieHeader(cookies).stream()
                .filter(cookie -> cookie.name().equals(name))
                .map(Cookie::value)
                .findFirst();
    }

    private String cookie(String name, String value, Duration life) {
        return Cookie.secureBuilder(name, value)
                .path("/")
                .httpOnly(true)
                .secure(publicUrl.filter(url -> url.getScheme().equals("https")).isPresent())
                .sameSite("Lax")
                .maxAge(life.toSeconds())
                .build()
                .toSetCookieHeader();
    }
}
