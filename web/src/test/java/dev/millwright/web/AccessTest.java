package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpMethod;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.AccessToken;
import dev.millwright.registry.Role;
import dev.millwright.registry.TokenScope;
import dev.millwright.web.access.AccessControl.Rule;
import dev.millwright.web.access.AccessOptions;
import dev.millwright.web.access.AccessOptions.When;
import dev.millwright.web.access.Permission;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every route, asked by everybody, from here and from elsewhere. */
final class AccessTest {
    private static final String PASSWORD = "correct horse battery staple";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static HttpServer server;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Somebody who asks: what is sent along, and what that one may do. */
    private record Principal(String name, Optional<String> authorization, Set<Permission> permissions) {}

    @BeforeAll
    static void start() {
        home = new SmallHome(folder);
        for (Role role : Role.values()) {
            home.registry().users().add(role.label(), role, PASSWORD);
        }
        server = HttpServer.start(
                WebOptions.of(
                        new AccessOptions("127.0.0.1", When.ALWAYS, Optional.empty(), Optional.empty()),
                        0,
                        SmallHome.TOKEN,
                        "0.1.0"),
                home.services());
    }

    @AfterAll
    static void close() {
        server.close();
        home.close();
    }

    private static String token(String user, TokenScope scope) {
        return "Bearer "
                + home.registry()
                        .tokens()
                        .issue(user, AccessToken.Kind.PERSONAL, "test", scope, Duration.ofHours(1))
                        .secret();
    }

    private static List<Principal> everybody() {
        Set<Permission> viewer = EnumSet.of(Permission.OPEN, Permission.KNOWN, Permission.VIEW);
        Set<Permission> editor =
                EnumSet.of(Permission.OPEN, Permission.KNOWN, Permission.VIEW, Permission.PREDICT, Permission.EDIT);
        Set<Permission> deployer = EnumSet.complementOf(EnumSet.of(Permission.ADMINISTER));
        Set<Permission> all = EnumSet.allOf(Permission.class);
        return List.of(
                new Principal("stranger", Optional.empty(), EnumSet.of(Permission.OPEN)),
                new Principal(
                        "application",
                        Optional.of(token("editor", TokenScope.PREDICT)),
                        EnumSet.of(Permission.OPEN, Permission.KNOWN, Permission.PREDICT)),
                new Principal("viewer", Optional.of(token("viewer", TokenScope.VIEWER)), viewer),
                new Principal("editor", Optional.of(token("editor", TokenScope.EDITOR)), editor),
                new Principal("narrowed", Optional.of(token("administrator", TokenScope.VIEWER)), viewer),
                new Principal("deployer", Optional.of(token("deployer", TokenScope.DEPLOYER)), deployer),
                new Principal("administrator", Optional.of(token("administrator", TokenScope.ADMINISTRATOR)), all),
                new Principal("home", Optional.of("Bearer " + SmallHome.TOKEN), all));
    }

    /** What each route has to ask for, as somebody decided and wrote down: {@code GET /runs VIEW}. */
    private static Map<String, Permission> table() throws IOException {
        Map<String, Permission> table = new LinkedHashMap<>();
        try (InputStream stream =
                Objects.requireNonNull(AccessTest.class.getResourceAsStream("/routes.txt"), "routes.txt")) {
            new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                int end = line.lastIndexOf(' ');
                table.put(line.substring(0, end), Permission.valueOf(line.substring(end + 1)));
            });
        }
        return table;
    }

    @Test
    void everyRoute_asksForWhatTheTableSays() throws IOException {
        Map<String, Permission> asked = new LinkedHashMap<>();
        server.rules().forEach(rule -> asked.put(rule.method() + " " + rule.pattern(), rule.permission()));
        assertThat(asked).as("routes that were seen").hasSizeGreaterThan(300);
        assertThat(difference(asked, table()))
                .as("routes that routes.txt lacks")
                .isEmpty();
        assertThat(difference(table(), asked))
                .as("routes of routes.txt that the server lacks")
                .isEmpty();
    }

    private static List<String> difference(Map<String, Permission> some, Map<String, Permission> others) {
        return some.entrySet().stream()
                .filter(route -> route.getValue() != others.get(route.getKey()))
                .map(route -> route.getKey() + " " + route.getValue())
                .sorted()
                .toList();
    }

    @Test
    @Timeout(180)
    void everyRoute_letsInWhoMay_andNobodyFromElsewhere() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Principal principal : everybody()) {
            for (Rule rule : server.rules()) {
                HttpResponse<String> answer = ask(rule, principal, Optional.empty());
                boolean letIn = !isRefusedAtTheDoor(rule, answer);
                if (letIn != principal.permissions().contains(rule.permission())) {
                    wrong.add(principal.name() + " " + rule + " " + answer.statusCode() + " " + answer.body());
                }
                HttpResponse<String> foreign = ask(rule, principal, Optional.of("https://evil.example"));
                if (foreign.statusCode() != 403 || !says(rule, foreign, "Origin: https://evil.example")) {
                    wrong.add(principal.name() + " " + rule + " from elsewhere: " + foreign.statusCode());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean isRefusedAtTheDoor(Rule rule, HttpResponse<String> answer) {
        return (answer.statusCode() == 401 && says(rule, answer, "Authorization: missing"))
                || (answer.statusCode() == 403
                        && says(rule, answer, rule.method() + " /")
                        && says(rule, answer, "may not do that"));
    }

    /** An answer to HEAD says nothing; its status has to do. */
    private static boolean says(Rule rule, HttpResponse<String> answer, String words) {
        return rule.method() == HttpMethod.HEAD || answer.body().contains(words);
    }

    private static HttpResponse<String> ask(Rule rule, Principal principal, Optional<String> origin)
            throws IOException, InterruptedException {
        String path = rule.pattern().replaceAll(":\\*\\w+", "a/b").replaceAll(":\\w+", "a");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(rule.method().name(), BodyPublishers.noBody());
        principal.authorization().ifPresent(it -> request.header("Authorization", it));
        request.header("Origin", origin.orElse(server.url()));
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void whatIsNowhere_isToldToUsersOnly() throws Exception {
        Client client = Client.of(server.url());
        assertThat(client.get("/nowhere").status()).isEqualTo(401);
        assertThat(client.get("/nowhere", "Authorization", token("viewer", TokenScope.VIEWER))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aWrongToken_isRefused_inTheShapeOfTheProtocolAskedFor() throws Exception {
        Client client = Client.of(server.url());
        assertThat(client.get("/api/v1/runs", "Authorization", "Bearer mw_wrong")
                        .json()
                        .path("error")
                        .asText())
                .startsWith("Authorization: unknown, expired or wrong");
        Client.Answer mlflow = client.get("/api/2.0/mlflow/experiments/get", "Authorization", "Bearer mw_wrong");
        assertThat(mlflow.status()).isEqualTo(401);
        assertThat(mlflow.json().path("error_code").asText()).isEqualTo("UNAUTHENTICATED");
        Client.Answer forbidden =
                client.post("/api/2.0/mlflow/runs/create", "{}", "Authorization", token("viewer", TokenScope.VIEWER));
        assertThat(forbidden.status()).isEqualTo(403);
        assertThat(forbidden.json().path("error_code").asText()).isEqualTo("PERMISSION_DENIED");
        assertThat(forbidden.json().path("message").asText())
                .isEqualTo("POST /api/2.0/mlflow/runs/create: viewer may not do that (expected: an editor)."
                        + " Ask an administrator, or use a token of a wider scope.");
    }

    @Test
    void theAliasThatServes_isForDeployers() throws Exception {
        Client client = Client.of(server.url());
        client.post(
                "/api/2.0/mlflow/registered-models/create",
                "{\"name\": \"m\"}",
                "Authorization",
                token("editor", TokenScope.EDITOR));
        client.post(
                "/api/2.0/mlflow/model-versions/create",
                "{\"name\": \"m\", \"source\": \"mlflow-artifacts:/0/m\"}",
                "Authorization",
                token("editor", TokenScope.EDITOR));
        String champion = "{\"name\": \"m\", \"alias\": \"champion\", \"version\": \"1\"}";
        assertThat(client.post(
                                "/api/2.0/mlflow/registered-models/alias",
                                champion,
                                "Authorization",
                                token("editor", TokenScope.EDITOR))
                        .json()
                        .path("message")
                        .asText())
                .startsWith("setting the alias champion: editor may not do that (expected: a deployer)");
        assertThat(client.post(
                                "/api/2.0/mlflow/registered-models/alias",
                                champion.replace("champion", "best"),
                                "Authorization",
                                token("editor", TokenScope.EDITOR))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aServerThatOthersReach_needsAnAdministrator() {
        try (SmallHome empty = new SmallHome(folder.resolve("empty"))) {
            AccessOptions everywhere = new AccessOptions("0.0.0.0", When.EXPOSED, Optional.empty(), Optional.empty());
            assertThatThrownBy(() ->
                            HttpServer.start(WebOptions.of(everywhere, 0, SmallHome.TOKEN, "0.1.0"), empty.services()))
                    .isInstanceOf(MillwrightException.class)
                    .hasMessageContaining(
                            "host: 0.0.0.0 asks for a login, and nobody has one (expected: an administrator)");
        }
    }
}
