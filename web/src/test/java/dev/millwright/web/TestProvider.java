package dev.millwright.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.QueryParams;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small identity provider: OpenID Connect's discovery, keys and authorization code flow, with the checks that the protocol asks of
 * it. It vouches for whomever a test names, and damages its tokens when a test asks for that.
 */
final class TestProvider implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final com.sun.net.httpserver.HttpServer server;
    private final RSAKey key;
    private final RSAKey otherKey;
    private final Map<String, QueryParams> codes = new ConcurrentHashMap<>();
    private volatile String subject = "";
    private volatile String name = "";
    private volatile String damage = "";

    TestProvider() throws IOException, JOSEException {
        this.key = new RSAKeyGenerator(2048).keyID("1").generate();
        this.otherKey = new RSAKeyGenerator(2048).keyID("1").generate();
        this.server = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(
                        exchange,
                        200,
                        Map.of(
                                "issuer", issuer().toString(),
                                "authorization_endpoint", issuer() + "/authorize",
                                "token_endpoint", issuer() + "/token",
                                "jwks_uri", issuer() + "/keys")));
        server.createContext("/keys", exchange -> answer(exchange, 200, new JWKSet(key).toJSONObject()));
        server.createContext("/token", this::token);
        server.start();
    }

    URI issuer() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** Who logs in next. */
    void logsIn(String newSubject, String newName) {
        subject = newSubject;
        name = newName;
    }

    void damage(String how) {
        damage = how;
    }

    /** What the provider's login page does in the end: sends the browser back with a code. */
    URI authorize(URI request) {
        QueryParams query = QueryParams.fromQueryString(request.getRawQuery());
        require(query.get("response_type", "").equals("code"), "response_type");
        require(query.get("client_id", "").equals("millwright"), "client_id");
        require(query.get("scope", "").contains("openid"), "scope");
        require(query.get("code_challenge_method", "").equals("S256"), "code_challenge_method");
        String code = "code" + codes.size();
        codes.put(code, query);
        return URI.create(query.get("redirect_uri", "") + "?"
                + QueryParams.of("code", code, "state", query.get("state", "")).toQueryString());
    }

    private void token(HttpExchange exchange) throws IOException {
        QueryParams form = QueryParams.fromQueryString(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        QueryParams begun = Objects.requireNonNull(codes.remove(form.get("code", "")), "an unknown code");
        String secret = Base64.getEncoder().encodeToString("millwright:sec%3Aret".getBytes(StandardCharsets.UTF_8));
        boolean known = ("Basic " + secret).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean same = form.get("redirect_uri", "").equals(begun.get("redirect_uri"))
                && challenge(form.get("code_verifier", "")).equals(begun.get("code_challenge"));
        if (known && same && form.get("grant_type", "").equals("authorization_code")) {
            answer(exchange, 200, Map.of("token_type", "Bearer", "id_token", idToken(begun.get("nonce", ""))));
        } else {
            answer(exchange, 400, Map.of("error", "invalid_grant"));
        }
    }

    private String idToken(String nonce) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(damage.equals("issuer") ? "https://other.example" : issuer().toString())
                .subject(subject)
                .audience(damage.equals("audience") ? "other" : "millwright")
                .issueTime(Date.from(now.minusSeconds(600)))
                .expirationTime(Date.from(damage.equals("expired") ? now.minusSeconds(300) : now.plusSeconds(300)))
                .claim("nonce", damage.equals("nonce") ? "other" : nonce)
                .claim("preferred_username", name)
                .build();
        try {
            boolean shared = damage.equals("algorithm"); // signed with the public key as if it were a secret
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(shared ? JWSAlgorithm.HS256 : JWSAlgorithm.RS256)
                            .keyID("1")
                            .build(),
                    claims);
            token.sign(
                    shared
                            ? new MACSigner(key.toRSAPublicKey().getEncoded())
                            : new RSASSASigner(damage.equals("signature") ? otherKey : key));
            return token.serialize();
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("the provider was asked without a proper " + what);
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] json = MAPPER.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
