package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Actor;
import dev.millwright.core.Event;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.AccessToken.Issued;
import dev.millwright.registry.AccessToken.Kind;
import dev.millwright.registry.User.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every registry knows of users and tokens, wherever it keeps its state. */
abstract class AccessContract {
    static final String PASSWORD = "correct horse battery staple";

    final SettableClock clock = new SettableClock();
    Registry registry;

    abstract Registry open();

    @BeforeEach
    void openRegistry() {
        registry = open();
    }

    @AfterEach
    void chainVerifies() {
        try (Registry closing = registry) {
            assertThat(closing.events().verify().firstBroken()).isEmpty();
        }
    }

    private Issued token(String user, TokenScope scope) {
        return registry.tokens().issue(user, Kind.PERSONAL, "ci", scope, Duration.ofDays(90));
    }

    private Optional<Role> roleOf(Issued token) {
        return registry.tokens().authenticate(token.secret()).flatMap(Grant::role);
    }

    @Test
    void aPassword_opensTheDoorOfItsUserOnly() {
        registry.users().add("ana", Role.EDITOR, PASSWORD);
        registry.users().add("ben", Role.VIEWER, "another long secret");
        assertThat(registry.users().verify("ana", PASSWORD))
                .hasValueSatisfying(user -> assertThat(user.role()).isEqualTo(Role.EDITOR));
        assertThat(registry.users().verify("ben", PASSWORD)).isEmpty();
        assertThat(registry.users().verify("carl", PASSWORD)).isEmpty();
        assertThat(registry.users().verify("ana", "")).isEmpty();
    }

    @Test
    void whatIsStored_isNeitherPasswordNorSecret() {
        registry.users().add("ana", Role.EDITOR, PASSWORD);
        Issued issued = token("ana", TokenScope.EDITOR);
        List<String> stored = registry.database()
                .read(session -> session.list(
                        "SELECT password_hash FROM users UNION SELECT hash FROM access_tokens",
                        row -> row.getString(1)));
        assertThat(stored)
                .hasSize(2)
                .allSatisfy(text -> assertThat(text).doesNotContain(PASSWORD).doesNotContain(issued.secret()));
        assertThat(issued.toString()).doesNotContain(issued.secret());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "a:b", "a b", "a/b", "ä"})
    void rejectsANameThatAHeaderOrAnAddressCouldNotCarry(String name) {
        assertThatThrownBy(() -> registry.users().add(name, Role.VIEWER, PASSWORD))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("user: '" + name + "' (expected: 1 to 128 letters");
    }

    @Test
    void rejectsAShortPassword_andATakenName() {
        assertThatThrownBy(() -> registry.users().add("ana", Role.VIEWER, "short"))
                .hasMessage("password: 5 characters (expected: 10 to 1000)");
        registry.users().add("ana", Role.VIEWER, PASSWORD);
        assertThatThrownBy(() -> registry.users().add("ana", Role.VIEWER, PASSWORD))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("user: 'ana' is taken (expected: a new name)");
    }

    @ParameterizedTest
    @CsvSource({
        "DEPLOYER, PREDICT, ",
        "DEPLOYER, VIEWER, VIEWER",
        "DEPLOYER, EDITOR, EDITOR",
        "DEPLOYER, DEPLOYER, DEPLOYER",
        "VIEWER, VIEWER, VIEWER",
    })
    void aToken_allowsWhatItsScopeSays(Role role, TokenScope scope, Role allowed) {
        registry.users().add("ana", role, PASSWORD);
        Issued issued = token("ana", scope);
        assertThat(registry.tokens().authenticate(issued.secret()))
                .hasValueSatisfying(grant -> assertThat(grant.user()).isEqualTo("ana"));
        assertThat(roleOf(issued)).isEqualTo(Optional.ofNullable(allowed));
    }

    @Test
    void aToken_neverAllowsMoreThanItsUserMayDo() {
        registry.users().add("ana", Role.EDITOR, PASSWORD);
        assertThatThrownBy(() -> token("ana", TokenScope.DEPLOYER))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("scope: deployer (expected: at most the user's role, editor, or predict)");
        Issued issued = token("ana", TokenScope.EDITOR);
        registry.users().changeRole("ana", Role.VIEWER);
        assertThat(roleOf(issued)).contains(Role.VIEWER);
    }

    @Test
    void aToken_endsWithItsTime_whenRevoked_andWithItsUser() {
        registry.users().add("ana", Role.EDITOR, PASSWORD);
        Issued expiring =
                registry.tokens().issue("ana", Kind.PERSONAL, "short", TokenScope.VIEWER, Duration.ofHours(1));
        Issued revoked = token("ana", TokenScope.VIEWER);
        Issued left = token("ana", TokenScope.VIEWER);
        registry.tokens().revoke(revoked.token().id());
        assertThat(roleOf(revoked)).isEmpty();
        assertThat(roleOf(expiring)).contains(Role.VIEWER);
        clock.advance(Duration.ofHours(1));
        assertThat(roleOf(expiring)).isEmpty();
        assertThat(roleOf(left)).contains(Role.VIEWER);
        registry.users().remove("ana");
        assertThat(roleOf(left)).isEmpty();
        assertThat(registry.users().list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1H", "P367D"})
    void rejectsATokenThatWouldNeverLive_orTooLong(Duration life) {
        registry.users().add("ana", Role.EDITOR, PASSWORD);
        assertThatThrownBy(() -> registry.tokens().issue("ana", Kind.PERSONAL, "ci", TokenScope.VIEWER, life))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expires: after")
                .hasMessageContaining("at most 366 days");
    }

    @Test
    void aNewPassword_endsSessions_andKeepsTokens() {
        registry.users().add("ana", Role.EDITOR, PASSWORD);
        Issued session =
                registry.tokens().issue("ana", Kind.SESSION, "browser", TokenScope.ADMINISTRATOR, Duration.ofHours(1));
        Issued personal = token("ana", TokenScope.EDITOR);
        assertThat(roleOf(session)).contains(Role.EDITOR);
        registry.users().changePassword("ana", "another long secret");
        assertThat(roleOf(session)).isEmpty();
        assertThat(roleOf(personal)).contains(Role.EDITOR);
        assertThat(registry.users().verify("ana", PASSWORD)).isEmpty();
        assertThat(registry.users().verify("ana", "another long secret")).isPresent();
    }

    @Test
    void theLastAdministrator_stays() {
        registry.users().add("ana", Role.ADMINISTRATOR, PASSWORD);
        assertThatThrownBy(() -> registry.users().remove("ana")).hasMessageContaining("is the only administrator");
        assertThatThrownBy(() -> registry.users().changeRole("ana", Role.EDITOR))
                .hasMessageContaining("is the only administrator");
        registry.users().add("ben", Role.ADMINISTRATOR, PASSWORD);
        registry.users().remove("ana");
        assertThat(registry.users().hasAdministrator()).isTrue();
    }

    @Test
    void aUserOfAnIdentityProvider_isFoundByTheProvidersName_andHasNoPassword() {
        Identity identity = new Identity("https://login.example", "4711");
        registry.users().add("ana@example.org", Role.VIEWER, identity);
        assertThat(registry.users().find(identity))
                .hasValueSatisfying(user -> assertThat(user.hasPassword()).isFalse());
        assertThat(registry.users().find(new Identity("https://other.example", "4711")))
                .isEmpty();
        assertThat(registry.users().verify("ana@example.org", "")).isEmpty();
    }

    @Test
    void theRecordSays_whoDidWhat() {
        Actor.run("root", () -> registry.users().add("ana", Role.EDITOR, PASSWORD));
        Actor.run(
                "ana",
                () -> registry.tokens()
                        .revoke(token("ana", TokenScope.VIEWER).token().id()));
        registry.users().remove("ana");
        List<Event> events = registry.events()
                .list(new EventFilter(0, Optional.empty(), Optional.empty(), 10, EventFilter.Order.OLDEST_FIRST));
        assertThat(events)
                .extracting(Event::type)
                .containsExactly("user.added", "token.issued", "token.revoked", "user.removed");
        assertThat(events.getFirst().data()).isEqualTo(Map.of("role", "editor", "by", "root"));
        assertThat(events.get(2).data()).isEqualTo(Map.of("user", "ana", "by", "ana"));
        assertThat(events.getLast().data()).isEmpty();
    }
}
