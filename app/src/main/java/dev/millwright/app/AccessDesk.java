package dev.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.registry.AccessToken.Kind;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryOptions;
import dev.millwright.registry.Role;
import dev.millwright.registry.TokenScope;
import dev.millwright.registry.User.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;

/** Where users and tokens are changed: in the home itself when it is free, else by the process that holds it. */
sealed interface AccessDesk {
    void add(String user, Role role, String password);

    void add(String user, Role role, Identity identity);

    void changeRole(String user, Role role);

    void changePassword(String user, String password);

    void remove(String user);

    /** Makes a personal token; returns its secret. */
    String issue(String user, String name, TokenScope scope, int days);

    void revoke(String token);

    /** Does something at the desk of a home, which is made when there is none. */
    static <T> T at(Path home, Function<AccessDesk, T> work) throws InterruptedException {
        return switch (HomeDoor.enter(home)) {
            case HomeDoor.Free(HomeLock lock) -> here(lock, work);
            case HomeDoor.Held(OwnerInfo owner) -> work.apply(new There(new OwnerClient(owner)));
        };
    }

    private static <T> T here(HomeLock lock, Function<AccessDesk, T> work) {
        RegistryOptions options = Opening.onDisk(0).registry();
        try (lock;
                Registry registry = Registry.open(lock, options, InstantSource.system())) {
            return work.apply(new Here(registry));
        }
    }

    /** A free home. */
    record Here(Registry registry) implements AccessDesk {
        @Override
        public void add(String user, Role role, String password) {
            registry.users().add(user, role, password);
        }

        @Override
        public void add(String user, Role role, Identity identity) {
            registry.users().add(user, role, identity);
        }

        @Override
        public void changeRole(String user, Role role) {
            registry.users().changeRole(user, role);
        }

        @Override
        public void changePassword(String user, String password) {
            registry.users().changePassword(user, password);
        }

        @Override
        public void remove(String user) {
            registry.users().remove(user);
        }

        @Override
        public String issue(String user, String name, TokenScope scope, int days) {
            return registry.tokens()
                    .issue(user, Kind.PERSONAL, name, scope, Duration.ofDays(days))
                    .secret();
        }

        @Override
        public void revoke(String token) {
            registry.tokens().revoke(token);
        }
    }

    /** A home that another process holds. */
    record There(OwnerClient owner) implements AccessDesk {
        private static final String USERS = "/api/v1/users";
        private static final String TOKENS = "/api/v1/tokens";

        @Override
        public void add(String user, Role role, String password) {
            owner.post(USERS, Map.of("name", user, "role", role.label(), "password", password));
        }

        @Override
        public void add(String user, Role role, Identity identity) {
            owner.post(
                    USERS,
                    Map.of(
                            "name", user,
                            "role", role.label(),
                            "issuer", identity.issuer(),
                            "subject", identity.subject()));
        }

        @Override
        public void changeRole(String user, Role role) {
            owner.put(USERS + "/" + OwnerClient.part(user) + "/role", Map.of("role", role.label()));
        }

        @Override
        public void changePassword(String user, String password) {
            owner.put(USERS + "/" + OwnerClient.part(user) + "/password", Map.of("password", password));
        }

        @Override
        public void remove(String user) {
            owner.delete(USERS + "/" + OwnerClient.part(user));
        }

        @Override
        public String issue(String user, String name, TokenScope scope, int days) {
            JsonNode issued =
                    owner.post(TOKENS, Map.of("user", user, "name", name, "scope", scope.label(), "days", days));
            return issued.path("secret").asText();
        }

        @Override
        public void revoke(String token) {
            owner.delete(TOKENS + "/" + OwnerClient.part(token));
        }
    }
}
