package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.User.Identity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may log in, and what each may do. Every change is an event. A home that has an administrator keeps one: the last can be
 * neither removed nor demoted. Thread-safe.
 */
public final class Users {
    /** The shortest password that is taken, in characters. */
    public static final int SHORTEST_PASSWORD = 10;

    private static final int LONGEST_PASSWORD = 1_000;
    private static final String COLUMNS = "name, role, password_hash IS NOT NULL, issuer, subject, created";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}");

    private final Database database;
    private final Tokens tokens;
    private final KnownPasswords known = new KnownPasswords();

    Users(Database database, Tokens tokens) {
        this.database = database;
        this.tokens = tokens;
    }

    /**
     * Adds a user who logs in with a password.
     *
     * @throws MillwrightException {@link RegistryError#ALREADY_EXISTS} when the name is taken
     */
    public User add(String name, Role role, String password) {
        requireName(name);
        String hash = PasswordHash.of(requirePassword(password));
        return database.write(transaction -> insert(transaction, name, role, Optional.of(hash), Optional.empty()));
    }

    /** The user whom an identity provider calls so, if any. */
    public Optional<User> find(Identity identity) {
        return database.read(session -> session.find(
                "SELECT " + COLUMNS + " FROM users WHERE issuer = ? AND subject = ?",
                Users::read,
                identity.issuer(),
                identity.subject()));
    }

    /**
     * Adds a user whom an identity provider vouches for.
     *
     * @throws MillwrightException {@link RegistryError#ALREADY_EXISTS} when another user has the name: who that is, only an
     *     administrator can know
     */
    public User add(String name, Role role, Identity identity) {
        requireName(name);
        return database.write(transaction -> insert(transaction, name, role, Optional.empty(), Optional.of(identity)));
    }

    private static User insert(
            Transaction transaction, String name, Role role, Optional<String> hash, Optional<Identity> identity)
            throws SQLException {
        if (transaction.exists("SELECT 1 FROM users WHERE name = ?", name)) {
            throw new MillwrightException(
                    RegistryError.ALREADY_EXISTS, "user: '" + name + "' is taken (expected: a new name)");
        }
        transaction.update(
                "INSERT INTO users (name, role, password_hash, issuer, subject, created) VALUES (?, ?, ?, ?, ?, ?)",
                name,
                role,
                hash,
                identity.map(Identity::issuer),
                identity.map(Identity::subject),
                transaction.now());
        transaction.append("user.added", name, Map.of("role", role.label()));
        return require(transaction, name);
    }

    /** All, by name. */
    public List<User> list() {
        return database.read(session -> session.list("SELECT " + COLUMNS + " FROM users ORDER BY name", Users::read));
    }

    public Optional<User> find(String name) {
        return database.read(session -> find(session, name));
    }

    /** Whether somebody could let others in. */
    public boolean hasAdministrator() {
        return database.read(session -> administrators(session) > 0);
    }

    /** Gives a user another role; tokens that the user has allow no more than it from now on. */
    public User changeRole(String name, Role role) {
        User changed = database.write(transaction -> {
            User before = require(transaction, name);
            if (role != Role.ADMINISTRATOR) {
                keepAnAdministrator(transaction, before);
            }
            transaction.update("UPDATE users SET role = ? WHERE name = ?", role, name);
            transaction.append(
                    "user.role_changed", name, Map.of("before", before.role().label(), "role", role.label()));
            return require(transaction, name);
        });
        tokens.refresh();
        return changed;
    }

    /** Sets a new password and ends the user's sessions: whoever knew the old one is out. */
    public void changePassword(String name, String password) {
        String hash = PasswordHash.of(requirePassword(password));
        database.write(transaction -> {
            require(transaction, name);
            transaction.update("UPDATE users SET password_hash = ? WHERE name = ?", hash, name);
            transaction.update(
                    "DELETE FROM access_tokens WHERE user_name = ? AND kind = ?", name, AccessToken.Kind.SESSION);
            transaction.append("user.password_changed", name, Map.of());
            return name;
        });
        tokens.refresh();
    }

    /** Removes a user with all tokens. */
    public void remove(String name) {
        database.write(transaction -> {
            keepAnAdministrator(transaction, require(transaction, name));
            transaction.update("DELETE FROM access_tokens WHERE user_name = ?", name);
            transaction.update("DELETE FROM users WHERE name = ?", name);
            transaction.append("user.removed", name, Map.of());
            return name;
        });
        tokens.refresh();
    }

    /**
     * The user, if the password is right. Takes tens of milliseconds and 19 MiB, the same for an unknown name, unless that very
     * password was right before: callers bound how many they ask for at once and how often they let somebody try.
     */
    public Optional<User> verify(String name, String password) {
        if (password.length() > LONGEST_PASSWORD) {
            return Optional.empty();
        }
        Optional<String> stored = database.read(session -> session.find(
                "SELECT password_hash FROM users WHERE name = ? AND password_hash IS NOT NULL",
                row -> row.getString(1),
                name));
        if (stored.isPresent() && known.contain(password, stored.get())) {
            return find(name);
        }
        if (!PasswordHash.matches(password, stored.orElse(PasswordHash.OF_NOBODY)) || stored.isEmpty()) {
            return Optional.empty();
        }
        known.add(password, stored.get());
        return find(name);
    }

    static User require(Session session, String name) throws SQLException {
        return find(session, name)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "user: '" + name + "' (expected: one of 'millwright users list')"));
    }

    private static Optional<User> find(Session session, String name) throws SQLException {
        return session.find("SELECT " + COLUMNS + " FROM users WHERE name = ?", Users::read, name);
    }

    private static void keepAnAdministrator(Session session, User leaving) throws SQLException {
        if (leaving.role() == Role.ADMINISTRATOR && administrators(session) == 1) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "user: '" + leaving.name()
                            + "' is the only administrator (expected: another one). Make somebody else administrator first.");
        }
    }

    private static long administrators(Session session) throws SQLException {
        return session.find("SELECT COUNT(*) FROM users WHERE role = ?", row -> row.getLong(1), Role.ADMINISTRATOR)
                .orElse(0L);
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidInputException("user: '" + name
                    + "' (expected: 1 to 128 letters, digits, '.', '_', '@', '+' or '-', the first a letter or digit)");
        }
    }

    private static String requirePassword(String password) {
        if (password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD) {
            throw new InvalidInputException("password: " + password.length() + " characters (expected: "
                    + SHORTEST_PASSWORD + " to " + LONGEST_PASSWORD + ")");
        }
        return password;
    }

    private static User read(ResultSet row) throws SQLException {
        Optional<String> issuer = Optional.ofNullable(row.getString(4));
        String subject = String.valueOf(row.getString(5));
        return new User(
                row.getString(1),
                Role.valueOf(row.getString(2)),
                row.getBoolean(3),
                issuer.map(it -> new Identity(it, subject)),
                Micros.instant(row.getLong(6)));
    }
}
