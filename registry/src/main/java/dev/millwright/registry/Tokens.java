package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.AccessToken.Issued;
import dev.millwright.registry.AccessToken.Kind;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that stand for users. A secret is 256 random bits, so a plain SHA-256 of it is enough to keep. All hashes are held
 * in memory as well: whether a request is let in is asked of no database. Thread-safe.
 */
public final class Tokens {
    /** The longest that a token may live. */
    public static final Duration LONGEST_LIFE = Duration.ofDays(366);

    /** What secrets begin with, so that scanners of source code can find one that got there. */
    private static final String PREFIX = "mw_";

    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 6;
    private static final String COLUMNS =
            "t.token_id, t.user_name, t.kind, t.label, t.scope, t.created, t.expires, t.hash, u.role";
    private static final String FROM = " FROM access_tokens t JOIN users u ON u.name = t.user_name";

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable Map<String, Grant> grants;

    Tokens(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes a token. Those of all users that have expired are forgotten on this occasion.
     *
     * @param label what the user calls it
     * @param life from now on; at most {@link #LONGEST_LIFE}
     */
    public Issued issue(String user, Kind kind, String label, TokenScope scope, Duration life) {
        Names.require("token name", label, 100);
        if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0) {
            throw new InvalidInputException("expires: after " + life + " (expected: more than none, at most "
                    + LONGEST_LIFE.toDays() + " days)");
        }
        String id = HexFormat.of().formatHex(bytes(ID_BYTES));
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
        AccessToken token = database.write(transaction -> {
            Role role = Users.require(transaction, user).role();
            if (kind == Kind.PERSONAL) {
                requireWithin(role, scope);
            }
            transaction.update("DELETE FROM access_tokens WHERE expires <= ?", transaction.now());
            transaction.update(
                    "INSERT INTO access_tokens (token_id, user_name, kind, label, scope, hash, created, expires)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    id,
                    user,
                    kind,
                    label,
                    scope,
                    Hashes.sha256(secret),
                    transaction.now(),
                    transaction.now().plus(life));
            if (kind == Kind.PERSONAL) { // who logs in changes nothing of who may do what
                transaction.append("token.issued", id, Map.of("user", user, "scope", scope.label()));
            }
            return require(transaction, id);
        });
        refresh();
        return new Issued(token, secret);
    }

    private static void requireWithin(Role role, TokenScope scope) {
        if (!scope.isWithin(role)) {
            throw new InvalidInputException("scope: " + scope.label() + " (expected: at most the user's role, "
                    + role.label() + ", or predict)");
        }
    }

    /** What a secret allows; empty when it is unknown, revoked or expired. */
    public Optional<Grant> authenticate(String secret) {
        Map<String, Grant> known = grants;
        if (known == null) {
            known = refresh();
        }
        return Optional.ofNullable(known.get(Hashes.sha256(secret)))
                .filter(grant -> grant.expires().isAfter(clock.instant()));
    }

    /** The personal tokens of a user, the oldest first. */
    public List<AccessToken> list(String user) {
        return database.read(session -> session.list(
                "SELECT " + COLUMNS + FROM + " WHERE t.user_name = ? AND t.kind = ? ORDER BY t.created, t.token_id",
                Tokens::read,
                user,
                Kind.PERSONAL));
    }

    /** A token, by its id. */
    public Optional<AccessToken> find(String id) {
        return database.read(session -> find(session, id));
    }

    /** Makes a token useless. */
    public void revoke(String id) {
        database.write(transaction -> {
            AccessToken token = require(transaction, id);
            transaction.update("DELETE FROM access_tokens WHERE token_id = ?", id);
            if (token.kind() == Kind.PERSONAL) {
                transaction.append("token.revoked", id, Map.of("user", token.user()));
            }
            return id;
        });
        refresh();
    }

    /** Reads all tokens anew; to be called after each change, in whatever order changes end. */
    synchronized Map<String, Grant> refresh() {
        Map<String, Grant> read = new HashMap<>();
        database.read(session -> {
            session.visit("SELECT " + COLUMNS + FROM, row -> {
                read.put(row.getString(8), Grant.of(read(row), Role.valueOf(row.getString(9))));
                return true;
            });
            return true;
        });
        Map<String, Grant> known = Map.copyOf(read);
        grants = known;
        return known;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static AccessToken require(Session session, String id) throws SQLException {
        return find(session, id)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "token: '" + id + "' (expected: one of 'millwright tokens list')"));
    }

    private static Optional<AccessToken> find(Session session, String id) throws SQLException {
        return session.find("SELECT " + COLUMNS + FROM + " WHERE t.token_id = ?", Tokens::read, id);
    }

    private static AccessToken read(ResultSet row) throws SQLException {
        return new AccessToken(
                row.getString(1),
                row.getString(2),
                Kind.valueOf(row.getString(3)),
                row.getString(4),
                TokenScope.valueOf(row.getString(5)),
                Micros.instant(row.getLong(6)),
                Micros.instant(row.getLong(7)));
    }
}
