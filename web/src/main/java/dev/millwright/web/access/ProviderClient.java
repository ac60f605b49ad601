package dev.millwright.web.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Talks to an identity provider: its description (OpenID Connect Discovery 1.0), and codes for tokens. Thread-safe. */
final class ProviderClient {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AccessOptions.Provider provider;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private volatile @Nullable Metadata known;

    /** Where the provider answers what. */
    record Metadata(URI authorization, URI token, URI keys, Authentication authentication) {}

    /** How this server proves itself where codes are traded. */
    enum Authentication {
        HEADER,
        BODY
    }

    ProviderClient(AccessOptions.Provider provider) {
        this.provider = provider;
    }

    /** What the provider says of itself; asked for once. */
    Metadata metadata() {
        Metadata metadata = known;
        if (metadata == null) {
            String issuer = provider.issuer().toString();
            String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
            JsonNode answer = send(HttpRequest.newBuilder(URI.create(base + "/.well-known/openid-configuration")));
            if (!answer.path("issuer").asText().equals(issuer)) {
                throw failure("issuer: " + answer.path("issuer").asText() + " (expected: " + issuer + ")", null);
            }
            metadata = new Metadata(
                    address(answer, "authorization_endpoint"),
                    address(answer, "token_endpoint"),
                    address(answer, "jwks_uri"),
                    authentication(answer.path("token_endpoint_auth_methods_supported")));
            known = metadata;
        }
        return metadata;
    }

    /** A provider that does not say takes the header. */
    private static Authentication authentication(JsonNode methods) {
        boolean header = methods.isEmpty();
        for (JsonNode method : methods) {
            header |= method.asText().equals("client_secret_basic");
        }
        return header ? Authentication.HEADER : Authentication.BODY;
    }

    private URI address(JsonNode answer, String name) {
        try {
            URI address = URI.create(answer.path(name).asText());
            if (address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException odd) {
            throw failure(name + ": " + odd.getMessage() + " (expected: a URL)", odd);
        }
        throw failure(name + ": " + answer.path(name) + " (expected: a URL)", null);
    }

    /** The ID token that a code stands for. */
    String token(String code, String redirect, String verifier) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirect);
        form.put("code_verifier", verifier);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(metadata().token()).header("Content-Type", "application/x-www-form-urlencoded");
        boolean secret = !provider.clientSecret().isEmpty();
        if (secret && metadata().authentication() == Authentication.HEADER) {
            request.header("Authorization", "Basic " + basic());
        } else {
            form.put("client_id", provider.clientId());
            if (secret) {
                form.put("client_secret", provider.clientSecret());
            }
        }
        JsonNode answer = send(request.POST(BodyPublishers.ofString(OpenIdConnect.form(form))));
        if (!answer.path("id_token").isTextual()) {
            throw failure("id_token: missing (expected: one)", null);
        }
        return answer.path("id_token").asText();
    }

    /** RFC 6749, section 2.3.1: both parts are form-encoded first. */
    private String basic() {
        String pair = URLEncoder.encode(provider.clientId(), StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(provider.clientSecret(), StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(
                    request.timeout(PATIENCE)
                            .header("Accept", "application/json")
                            .build(),
                    BodyHandlers.ofByteArray());
            JsonNode body = MAPPER.readTree(response.body());
            if (response.statusCode() != OK) {
                throw failure(
                        "status " + response.statusCode() + " "
                                + body.path("error").asText() + " "
                                + body.path("error_description").asText(),
                        null);
            }
            return body;
        } catch (IOException unreachable) {
            throw failure(String.valueOf(unreachable.getMessage()), unreachable);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw failure("interrupted", stopping);
        }
    }

    private MillwrightException failure(String what, @Nullable Exception cause) {
        return new MillwrightException(
                AccessError.PROVIDER_FAILED,
                "identity provider " + provider.issuer() + ": " + what.strip()
                        + ". Log in again, or with a password; an administrator can check --oidc-issuer.",
                cause);
    }
}
