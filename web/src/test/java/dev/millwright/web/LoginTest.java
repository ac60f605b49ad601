package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Event;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.Role;
import dev.millwright.web.Client.Answer;
import dev.millwright.web.access.AccessOptions;
import dev.millwright.web.access.AccessOptions.When;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that asks for a login, with passwords and with an identity provider. */
final class LoginTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"form_token\" value=\"(\\w+)\"");
    private static final Pattern SECRET = Pattern.compile("mw_[\\w-]{43}");

    @TempDir
    private static Path folder;

    private static TestProvider provider;
    private static SmallHome home;
    private static HttpServer server;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        provider = new TestProvider();
        home = new SmallHome(folder);
        home.registry().users().add("root", Role.ADMINISTRATOR, PASSWORD);
        home.registry().users().add("ana", Role.EDITOR, PASSWORD);
        AccessOptions.Provider known =
                new AccessOptions.Provider(provider.issuer(), "millwright", "sec:ret", Optional.of(Role.VIEWER));
        server = HttpServer.start(
                WebOptions.of(
                        new AccessOptions("127.0.0.1", When.ALWAYS, Optional.empty(), Optional.of(known)),
                        0,
                        SmallHome.TOKEN,
                        "0.1.0"),
                home.services());
        client = Client.of(server.url());
    }

    @AfterAll
    static void close() {
        server.close();
        home.close();
        provider.close();
    }

    private static String cookie(Answer answer) {
        String header = answer.header("set-cookie");
        return header.substring(0, header.indexOf(';'));
    }

    private static String session(String user) throws Exception {
        Answer answer = client.form("/login", Map.of("name", user, "password", PASSWORD, "next", "/runs"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        assertThat(answer.header("location")).isEqualTo("/runs");
        assertThat(answer.header("set-cookie"))
                .containsIgnoringCase("; HttpOnly")
                .contains("; SameSite=Lax");
        return cookie(answer);
    }

    private static String formToken(String page) {
        Matcher token = FORM_TOKEN.matcher(page);
        assertThat(token.find()).as(page).isTrue();
        return token.group(1);
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBrowserThatIsNotLoggedIn_isShownTheDoor_andThenWhereItWanted() throws Exception {
        Answer page = client.page("/runs?status=failed");
        assertThat(page.status()).isEqualTo(303);
        assertThat(page.header("location")).isEqualTo("/login?next=%2Fruns%3Fstatus%3Dfailed");
        Answer door = client.page(page.header("location"));
        assertThat(door.body()).contains("value=\"/runs?status=failed\"").contains("Log in with localhost");
        String cookie = session("ana");
        assertThat(client.get("/runs", "Accept", "text/html", "Cookie", cookie).body())
                .contains(">ana</a>");
    }

    @Test
    void aSession_endsWithTheLogout() throws Exception {
        String cookie = session("ana");
        assertThat(client.form("/logout", Map.of(), "Cookie", cookie).header("location"))
                .isEqualTo("/login");
        assertThat(client.get("/api/v1/me", "Cookie", cookie).status()).isEqualTo(401);
    }

    @Test
    void aWrongPassword_isToldOnThePage_andGuessingIsSlowedDown() throws Exception {
        Map<String, String> wrong = Map.of("name", "guessed", "password", "wrong", "next", "/");
        for (int i = 0; i < 5; i++) {
            Answer answer = client.form("/login", wrong);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).contains("Name or password is wrong.").contains("value=\"guessed\"");
        }
        Answer slowed = client.form("/login", wrong);
        assertThat(slowed.status()).isEqualTo(429);
        assertThat(slowed.body()).contains("too many wrong passwords");
        assertThat(client.get("/api/2.0/mlflow/experiments/get?experiment_id=0", "Authorization", basic("guessed", "x"))
                        .status())
                .isEqualTo(429);
        session("ana"); // others are not slowed down
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""})
    void afterTheLogin_nobodyIsSentElsewhere(String next) throws Exception {
        Answer answer = client.form("/login", Map.of("name", "ana", "password", PASSWORD, "next", next));
        assertThat(answer.header("location")).isEqualTo("/");
    }

    @Test
    void mlflowsClients_logInWithPasswordOrToken() throws Exception {
        String path = "/api/2.0/mlflow/experiments/get?experiment_id=0";
        assertThat(client.get(path, "Authorization", basic("ana", PASSWORD)).status())
                .isEqualTo(200);
        assertThat(client.get(path, "Authorization", basic("ana", PASSWORD + "x"))
                        .json()
                        .path("error_code")
                        .asText())
                .isEqualTo("UNAUTHENTICATED");
        assertThat(client.get(path, "Authorization", "Basic !!!").status()).isEqualTo(401);
        String token = client.post(
                        "/api/v1/tokens",
                        "{\"name\": \"ci\", \"scope\": \"viewer\", \"days\": 1}",
                        "Authorization",
                        basic("ana", PASSWORD))
                .json()
                .path("secret")
                .asText();
        assertThat(client.get(path, "Authorization", "Bearer " + token).status())
                .isEqualTo(200);
        assertThat(client.get("/api/v1/me", "Authorization", "Bearer " + token)
                        .json()
                        .toString())
                .isEqualTo("{\"name\":\"ana\",\"permissions\":[\"open\",\"known\",\"view\"]}");
    }

    @Test
    void aNarrowToken_makesNoWiderOne_andNobodyMakesOneForOthers() throws Exception {
        String narrow = client.post(
                        "/api/v1/tokens",
                        "{\"name\": \"n\", \"scope\": \"viewer\"}",
                        "Authorization",
                        basic("ana", PASSWORD))
                .json()
                .path("secret")
                .asText();
        Answer wider = client.post(
                "/api/v1/tokens", "{\"name\": \"w\", \"scope\": \"editor\"}", "Authorization", "Bearer " + narrow);
        assertThat(wider.status()).isEqualTo(403);
        Answer others = client.post(
                "/api/v1/tokens",
                "{\"user\": \"root\", \"name\": \"w\", \"scope\": \"viewer\"}",
                "Authorization",
                basic("ana", PASSWORD));
        assertThat(others.status()).isEqualTo(403);
        assertThat(others.json().path("error").asText())
                .startsWith("tokens of root: ana may not do that (expected: an administrator)");
    }

    @Test
    void thePages_makeAndRevokeTokens_andChangeThePassword() throws Exception {
        home.registry().users().add("ben", Role.EDITOR, PASSWORD);
        String cookie = session("ben");
        String form = formToken(client.get("/account", "Cookie", cookie).body());
        Answer made = client.form(
                "/account/tokens",
                Map.of("form_token", form, "name", "laptop", "scope", "editor", "days", "30"),
                "Cookie",
                cookie);
        Matcher secret = SECRET.matcher(made.body());
        assertThat(secret.find()).isTrue();
        assertThat(client.get("/api/v1/me", "Authorization", "Bearer " + secret.group())
                        .status())
                .isEqualTo(200);
        String id = home.registry().tokens().list("ben").getFirst().id();
        client.form("/account/tokens/" + id + "/revoke", Map.of("form_token", form), "Cookie", cookie);
        assertThat(client.get("/api/v1/me", "Authorization", "Bearer " + secret.group())
                        .status())
                .isEqualTo(401);
        assertThat(client.form(
                                "/account/tokens",
                                Map.of("form_token", "stale", "name", "x", "scope", "viewer", "days", "1"),
                                "Cookie",
                                cookie)
                        .status())
                .isEqualTo(403);
        Answer changed = client.form(
                "/account/password",
                Map.of("form_token", form, "password", PASSWORD, "new_password", "another long secret"),
                "Cookie",
                cookie);
        assertThat(changed.header("location")).isEqualTo("/login");
        assertThat(client.get("/api/v1/me", "Cookie", cookie).status()).isEqualTo(401);
        assertThat(home.registry().users().verify("ben", "another long secret")).isPresent();
    }

    @Test
    void anAdministrator_addsUsersOnThePage_andTheRecordSaysWhoDid() throws Exception {
        String cookie = session("root");
        String form = formToken(client.get("/users", "Cookie", cookie).body());
        assertThat(client.form(
                                "/users",
                                Map.of("form_token", form, "name", "carla", "role", "viewer", "password", PASSWORD),
                                "Cookie",
                                cookie)
                        .header("location"))
                .isEqualTo("/users?done=carla+is+added.");
        client.form("/users/carla/role", Map.of("form_token", form, "role", "deployer"), "Cookie", cookie);
        Answer last = client.form("/users/root/remove", Map.of("form_token", form), "Cookie", cookie);
        assertThat(last.body()).contains("is the only administrator");
        client.form("/users/carla/remove", Map.of("form_token", form), "Cookie", cookie);
        List<Event> events = home.registry()
                .events()
                .list(new EventFilter(0, Optional.empty(), Optional.of("carla"), 10, EventFilter.Order.OLDEST_FIRST));
        assertThat(events).extracting(Event::type).containsExactly("user.added", "user.role_changed", "user.removed");
        assertThat(events).allSatisfy(event -> assertThat(event.data()).containsEntry("by", "root"));
        assertThat(client.get("/users", "Cookie", session("ana")).status()).isEqualTo(403);
    }

    /** As a browser goes: to the provider and back. */
    private static Answer roundTrip(String subject, String name, Optional<String> otherCookie) throws Exception {
        provider.logsIn(subject, name);
        Answer departure = client.page("/login/oidc?next=/models");
        assertThat(departure.header("location")).startsWith(provider.issuer() + "/authorize?");
        URI back = provider.authorize(URI.create(departure.header("location")));
        return client.get(
                back.getPath() + "?" + back.getRawQuery(),
                "Cookie",
                otherCookie.orElse(cookie(departure)),
                "Sec-Fetch-Site",
                "cross-site",
                "Sec-Fetch-Mode",
                "navigate");
    }

    @Test
    void whomTheProviderVouchesFor_isLoggedIn_asTheSameUserEachTime() throws Exception {
        Answer first = roundTrip("4711", "dora", Optional.empty());
        assertThat(first.status()).as(first.body()).isEqualTo(303);
        assertThat(first.header("location")).isEqualTo("/models");
        assertThat(client.get("/api/v1/me", "Cookie", cookie(first))
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("dora");
        home.registry().users().changeRole("dora", Role.EDITOR);
        Answer again = roundTrip("4711", "dora-married", Optional.empty());
        assertThat(client.get("/api/v1/me", "Cookie", cookie(again)).json().toString())
                .contains("\"dora\"")
                .contains("edit");
    }

    @Test
    void aNewcomerWithAName_thatAnotherUserHas_isNotThatUser() throws Exception {
        Answer answer = roundTrip("666", "root", Optional.empty());
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("user: 'root' is taken");
        assertThat(answer.header("set-cookie")).isEmpty();
    }

    @Test
    void aLoginThatAnotherBrowserBegan_isRefused() throws Exception {
        Answer answer = roundTrip("4712", "eve", Optional.of("millwright_login=other"));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("not of a login that began in this browser");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce", "audience", "issuer", "expired", "signature", "algorithm"})
    void aTokenThatIsNotForUs_isRefused(String damage) throws Exception {
        provider.damage(damage);
        try {
            Answer answer = roundTrip("4713", "mallory", Optional.empty());
            assertThat(answer.status()).as(answer.body()).isEqualTo(401);
            assertThat(answer.body()).contains("id token: ");
            assertThat(home.registry().users().find("mallory")).isEmpty();
        } finally {
            provider.damage("");
        }
    }

    @Test
    void aProviderThatRefuses_isToldOnThePage() throws Exception {
        Answer answer = client.page("/login/oidc/callback?error=access_denied&error_description=Not+today&state=x");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("The identity provider refused: Not today");
    }
}
