package dev.millwright.web.access;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Role;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/**
 * Who is asked to log in, and how.
 *
 * @param host where the server listens: a name or an address
 * @param login whether a login is asked for even on loopback, as behind a proxy
 * @param publicUrl under which users reach the server, if that is another address than the one it listens on; without a path
 * @param provider who vouches for users, besides passwords
 */
public record AccessOptions(String host, When login, Optional<URI> publicUrl, Optional<Provider> provider) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");

    /** When users have to log in. */
    public enum When {
        /** Where others could reach the server. */
        EXPOSED,
        /** Always. */
        ALWAYS
    }

    /**
     * An identity provider that speaks OpenID Connect.
     *
     * @param issuer its URL
     * @param clientId how it knows this server
     * @param clientSecret what the server proves itself with; empty for a public client
     * @param newcomers the role of users whom it vouches for and nobody added before; they are refused when there is none
     */
    public record Provider(URI issuer, String clientId, String clientSecret, Optional<Role> newcomers) {
        public Provider {
            requireWeb("oidc-issuer", issuer);
            if (clientId.isBlank()) {
                throw new MillwrightException(
                        AccessError.WRONG_SETTING,
                        "oidc-client-id: (expected: the id that the provider gave this server)");
            }
        }

        /** Hides the secret. */
        @Override
        public String toString() {
            return "Provider[issuer=" + issuer + ", clientId=" + clientId + ", clientSecret=***, newcomers=" + newcomers
                    + "]";
        }
    }

    public AccessOptions {
        publicUrl = publicUrl.map(AccessOptions::origin);
    }

    /** On this machine alone, asking nobody. */
    public static AccessOptions loopback() {
        return new AccessOptions("127.0.0.1", When.EXPOSED, Optional.empty(), Optional.empty());
    }

    private static URI origin(URI url) {
        requireWeb("public-url", url);
        try {
            return new URI(url.getScheme(), url.getAuthority(), null, null, null);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("a scheme and an authority are a URL", impossible);
        }
    }

    private static void requireWeb(String what, URI url) {
        if (url.getHost() == null || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
            throw new MillwrightException(
                    AccessError.WRONG_SETTING, what + ": " + url + " (expected: https://HOST or http://HOST)");
        }
    }

    /** Whether only this machine reaches the server. */
    public boolean onLoopback() {
        return LOOPBACK.contains(host);
    }

    /** Whether the server listens on all addresses, loopback among them. */
    public boolean everywhere() {
        return EVERYWHERE.contains(host);
    }

    /** Whether callers have to say who they are. */
    public boolean asksForLogin() {
        return !onLoopback() || login == When.ALWAYS;
    }

    OriginGuard guard() {
        return new OriginGuard(
                asksForLogin() ? OriginGuard.Login.REQUIRED : OriginGuard.Login.NONE,
                onLoopback() || publicUrl.isPresent() ? OriginGuard.Hosts.KNOWN : OriginGuard.Hosts.ANY,
                publicUrl);
    }
}
