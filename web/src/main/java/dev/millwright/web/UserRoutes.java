package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.AccessToken;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Role;
import dev.millwright.registry.TokenScope;
import dev.millwright.registry.Tokens;
import dev.millwright.registry.User;
import dev.millwright.registry.User.Identity;
import dev.millwright.registry.Users;
import dev.millwright.web.access.Caller;
import dev.millwright.web.access.Permission;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Users and tokens as JSON, for programs and for the command line. */
final class UserRoutes {
    private final Users users;
    private final Tokens tokens;

    private UserRoutes(Registry registry) {
        this.users = registry.users();
        this.tokens = registry.tokens();
    }

    static void add(Routes routes, Registry registry) {
        UserRoutes handlers = new UserRoutes(registry);
        routes.get(
                "/api/v1/me",
                Operation.answers(Topic.ACCESS, "Who asks, and what that one may do", MeAnswer.class),
                handlers::me);
        routes.get("/api/v1/users", Operation.answers(Topic.ACCESS, "Users", UsersAnswer.class), handlers::users);
        routes.post(
                "/api/v1/users",
                Operation.answers(Topic.ACCESS, "Adds a user", UserAnswer.class)
                        .takes(NewUser.class)
                        .status(201),
                handlers::addUser);
        routes.put(
                "/api/v1/users/{user}/role",
                Operation.answers(Topic.ACCESS, "Gives a user another role", UserAnswer.class)
                        .takes(Change.class),
                handlers::changeRole);
        routes.put(
                "/api/v1/users/{user}/password",
                Operation.answers(Topic.ACCESS, "Gives a user another password", Told.class)
                        .takes(Change.class),
                handlers::changePassword);
        routes.delete(
                "/api/v1/users/{user}",
                Operation.answers(Topic.ACCESS, "Removes a user", Told.class),
                handlers::removeUser);
        routes.get(
                "/api/v1/tokens",
                Operation.answers(Topic.ACCESS, "Tokens of a user", TokensAnswer.class)
                        .query("user", "Whose; one's own unless said."),
                handlers::tokens);
        routes.post(
                "/api/v1/tokens",
                Operation.answers(Topic.ACCESS, "Makes a token", TokenAnswer.class)
                        .takes(NewToken.class)
                        .status(201),
                handlers::issue);
        routes.delete(
                "/api/v1/tokens/{token}",
                Operation.answers(Topic.ACCESS, "Revokes a token", Revoked.class),
                handlers::revoke);
    }

    /** Who asks, and what that one may do. */
    record MeAnswer(String name, List<String> permissions) {}

    /** A user as programs read one. */
    record UserAnswer(String name, String role, boolean password, Optional<String> issuer, Instant created) {
        static UserAnswer of(User user) {
            return new UserAnswer(
                    user.name(),
                    user.role().label(),
                    user.hasPassword(),
                    user.identity().map(Identity::issuer),
                    user.created());
        }
    }

    /** All users. */
    private record UsersAnswer(List<UserAnswer> users) {}

    /** The user whom a change was about. */
    private record Told(String user) {}

    /** A token as programs read one; the secret only when it was just made. */
    record TokenAnswer(
            String id,
            String user,
            String name,
            String scope,
            Instant created,
            Instant expires,
            Optional<String> secret) {
        static TokenAnswer of(AccessToken token, Optional<String> secret) {
            return new TokenAnswer(
                    token.id(),
                    token.user(),
                    token.label(),
                    token.scope().label(),
                    token.created(),
                    token.expires(),
                    secret);
        }
    }

    /** The tokens of a user. */
    private record TokensAnswer(List<TokenAnswer> tokens) {}

    /** A token that is worth nothing any more. */
    private record Revoked(String token, String user) {}

    /** A user to add: by a password, or as an identity provider names one. */
    record NewUser(
            @Nullable String name,
            @Nullable String role,
            @Nullable String password,
            @Nullable String issuer,
            @Nullable String subject) {}

    /** A token to make; for oneself when no user is named. */
    record NewToken(
            @Nullable String user,
            @Nullable String name,
            @Nullable String scope,
            @Nullable Integer days) {}

    /** Another role or password. */
    record Change(@Nullable String role, @Nullable String password) {}

    private HttpResponse me(Call call) {
        Caller caller = Caller.of(call.context());
        List<String> permissions = caller.permissions().stream()
                .sorted()
                .map(permission -> permission.name().toLowerCase(Locale.ROOT))
                .toList();
        return Json.respond(new MeAnswer(caller.name(), permissions));
    }

    private HttpResponse users(Call call) {
        return Json.respond(
                new UsersAnswer(users.list().stream().map(UserAnswer::of).toList()));
    }

    private HttpResponse addUser(Call call) {
        NewUser asked = Json.read(call.body(), NewUser.class);
        String name = required("name", asked.name());
        Role role = role(asked.role());
        User added = asked.issuer() == null
                ? users.add(name, role, required("password", asked.password()))
                : users.add(name, role, new Identity(asked.issuer(), required("subject", asked.subject())));
        return Json.respond(HttpStatus.CREATED, UserAnswer.of(added));
    }

    private HttpResponse changeRole(Call call) {
        return Json.respond(UserAnswer.of(users.changeRole(
                call.path("user"), role(Json.read(call.body(), Change.class).role()))));
    }

    private HttpResponse changePassword(Call call) {
        users.changePassword(
                call.path("user"),
                required("password", Json.read(call.body(), Change.class).password()));
        return Json.respond(new Told(call.path("user")));
    }

    private HttpResponse removeUser(Call call) {
        users.remove(call.path("user"));
        return Json.respond(new Told(call.path("user")));
    }

    private HttpResponse tokens(Call call) {
        String user = about(call, call.query("user"));
        return Json.respond(new TokensAnswer(tokens.list(user).stream()
                .map(token -> TokenAnswer.of(token, Optional.empty()))
                .toList()));
    }

    private HttpResponse issue(Call call) {
        NewToken asked = Json.read(call.body(), NewToken.class);
        String user = changing(call, Optional.ofNullable(asked.user()));
        AccessToken.Issued issued = tokens.issue(
                user,
                AccessToken.Kind.PERSONAL,
                required("name", asked.name()),
                scope(required("scope", asked.scope())),
                Duration.ofDays(asked.days() == null ? AccountPages.DAYS : asked.days()));
        return Json.respond(HttpStatus.CREATED, TokenAnswer.of(issued.token(), Optional.of(issued.secret())));
    }

    private HttpResponse revoke(Call call) {
        String id = call.path("token");
        String owner = changing(call, tokens.find(id).map(AccessToken::user));
        tokens.revoke(id);
        return Json.respond(new Revoked(id, owner));
    }

    /** The user whose tokens are asked for: oneself, or another for an administrator. */
    private static String about(Call call, Optional<String> user) {
        Caller caller = Caller.of(call.context());
        String name = user.orElse(caller.name());
        if (!name.equals(caller.name())) {
            caller.require(Permission.ADMINISTER, "tokens of " + name);
        }
        return name;
    }

    /** The same where tokens are changed: one must not make itself a wider one. */
    private static String changing(Call call, Optional<String> user) {
        Caller caller = Caller.of(call.context());
        if (caller.door() != Caller.Door.USER) {
            caller.require(Permission.ADMINISTER, "changing tokens with a token");
        }
        return about(call, user);
    }

    static Role role(@Nullable String text) {
        return constant(Role.values(), "role", text);
    }

    static TokenScope scope(String text) {
        return constant(TokenScope.values(), "scope", text);
    }

    private static <T extends Enum<T>> T constant(T[] values, String what, @Nullable String text) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(what + ": " + text + " (expected: "
                        + Arrays.stream(values)
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    private static String required(String what, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new InvalidInputException(what + ": missing (expected: a text)");
        }
        return text;
    }
}
