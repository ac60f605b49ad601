package dev.millwright.web.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.User.Identity;
import java.net.MalformedURLException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Login by an identity provider: OpenID Connect Core 1.0, the authorization code flow, with a nonce and PKCE (RFC 7636). What a
 * login began with is kept in memory for ten minutes and bound to the browser by a cookie. Thread-safe.
 */
public final class OpenIdConnect {
    /** Where the provider sends browsers back to. */
    public static final String CALLBACK = "/login/oidc/callback";

    /** How long somebody may take to log in at the provider. */
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int PENDING = 10_000;
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384);

    private final AccessOptions.Provider provider;
    private final ProviderClient client;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final LinkedHashMap<String, Attempt> pending = new LinkedHashMap<>();
    private volatile @Nullable JWKSource<SecurityContext> keys;

    /** A login under way. */
    private record Attempt(String nonce, String verifier, String redirect, String next, Instant expires) {}

    /** Where to send a browser, and the state that its cookie has to hold when it comes back. */
    public record Departure(String location, String state) {}

    /**
     * Whom the provider vouches for.
     *
     * @param names what the user may be called here, the best first
     * @param next where the user wanted to go
     */
    public record Arrival(Identity identity, List<String> names, String next) {}

    public OpenIdConnect(AccessOptions.Provider provider, InstantSource clock) {
        this.provider = provider;
        this.client = new ProviderClient(provider);
        this.clock = clock;
    }

    /**
     * Begins a login.
     *
     * @param here the address under which the browser sees this server
     * @param next where the user wants to go
     */
    public Departure depart(String here, String next) {
        String state = secret();
        Attempt attempt = new Attempt(
                secret(), secret(), here + CALLBACK, next, clock.instant().plus(PATIENCE));
        remember(state, attempt);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", provider.clientId());
        query.put("redirect_uri", attempt.redirect());
        query.put("scope", "openid profile email");
        query.put("state", state);
        query.put("nonce", attempt.nonce());
        query.put("code_challenge", challenge(attempt.verifier()));
        query.put("code_challenge_method", "S256");
        String address = client.metadata().authorization().toString();
        return new Departure(address + (address.contains("?") ? "&" : "?") + form(query), state);
    }

    /**
     * Ends a login: trades the code for a token and reads who it is.
     *
     * @param state that the provider sent back
     * @param remembered the state in the browser's cookie
     * @throws MillwrightException {@link AccessError#UNAUTHENTICATED} when the login is not one that this browser began, or the
     *     token is not a valid one; {@link AccessError#PROVIDER_FAILED} when the provider does not answer as it should
     */
    public Arrival arrive(String state, String remembered, String code) {
        Attempt attempt = take(state);
        if (attempt == null || !remembered.equals(state)) {
            throw new MillwrightException(
                    AccessError.UNAUTHENTICATED,
                    "state: not of a login that began in this browser within 10 minutes (expected: one). Log in again.");
        }
        JWTClaimsSet claims = verify(client.token(code, attempt.redirect(), attempt.verifier()), attempt.nonce());
        return new Arrival(
                new Identity(provider.issuer().toString(), claims.getSubject()), names(claims), attempt.next());
    }

    private static List<String> names(JWTClaimsSet claims) {
        try {
            boolean verified = Boolean.TRUE.equals(claims.getBooleanClaim("email_verified"));
            return Stream.of(
                            Optional.ofNullable(claims.getStringClaim("preferred_username")),
                            Optional.ofNullable(claims.getStringClaim("email")).filter(it -> verified),
                            Optional.of(claims.getSubject()))
                    .flatMap(Optional::stream)
                    .distinct()
                    .toList();
        } catch (ParseException odd) {
            return List.of(claims.getSubject());
        }
    }

    private JWTClaimsSet verify(String token, String nonce) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys()));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                provider.clientId(),
                new JWTClaimsSet.Builder()
                        .issuer(provider.issuer().toString())
                        .claim("nonce", nonce)
                        .build(),
                Set.of("sub", "exp", "iat")));
        try {
            return processor.process(token, null);
        } catch (ParseException | BadJOSEException | JOSEException invalid) {
            throw new MillwrightException(
                    AccessError.UNAUTHENTICATED,
                    "id token: " + invalid.getMessage() + " (expected: a valid one of " + provider.issuer() + " for "
                            + provider.clientId() + "). Log in again.",
                    invalid);
        }
    }

    private synchronized JWKSource<SecurityContext> keys() {
        JWKSource<SecurityContext> known = keys;
        if (known == null) {
            try {
                known = JWKSourceBuilder.create(client.metadata().keys().toURL())
                        .build();
            } catch (MalformedURLException odd) {
                throw new MillwrightException(
                        AccessError.PROVIDER_FAILED,
                        "jwks_uri: " + client.metadata().keys() + " (expected: a URL)",
                        odd);
            }
            keys = known;
        }
        return known;
    }

    private synchronized void remember(String state, Attempt attempt) {
        pending.values().removeIf(old -> old.expires().isBefore(clock.instant()));
        pending.put(state, attempt);
        if (pending.size() > PENDING) {
            pending.pollFirstEntry();
        }
    }

    /** Each state is good for one return. */
    private synchronized @Nullable Attempt take(String state) {
        Attempt attempt = pending.remove(state);
        return attempt == null || attempt.expires().isBefore(clock.instant()) ? null : attempt;
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
