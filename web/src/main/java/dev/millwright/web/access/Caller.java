package dev.millwright.web.access;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.core.Actor;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.AccessToken;
import dev.millwright.registry.Grant;
import dev.millwright.registry.User;
import dev.millwright.serving.Hops;
import io.netty.util.AttributeKey;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who sent a request, and what that one may do.
 *
 * @param name as the record of events says it
 * @param door how the caller came in
 * @param session the id of the browser's session, if it is one
 */
public record Caller(String name, Door door, Set<Permission> permissions, Optional<String> session) {
    private static final AttributeKey<Caller> KEY = AttributeKey.valueOf(Caller.class, "CALLER");
    private static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

    /** How a caller came in. */
    public enum Door {
        /** Nobody is asked to log in: the server listens on loopback. */
        UNGUARDED,
        /** With the token that only the home's user can read. */
        HOME,
        /** Logged in: with a name and a password, or with a browser's session. */
        USER,
        /** With a token of a user, which may be narrower than its user. */
        TOKEN,
        /** Without anything, where a login is asked for. */
        STRANGER
    }

    public Caller {
        permissions = Set.copyOf(permissions);
    }

    /** Whoever reaches a server that asks nobody to log in: everything but what needs the home's token. */
    static final Caller LOCAL = new Caller(
            Actor.LOCAL,
            Door.UNGUARDED,
            EnumSet.complementOf(EnumSet.of(Permission.CONTROL, Permission.ADMINISTER)),
            Optional.empty());

    static final Caller STRANGER = new Caller("stranger", Door.STRANGER, EnumSet.of(Permission.OPEN), Optional.empty());

    /** The user of the operating system to whom the home belongs. */
    static Caller home() {
        return new Caller(
                System.getProperty("user.name", "owner"), Door.HOME, EnumSet.allOf(Permission.class), Optional.empty());
    }

    static Caller of(User user) {
        return new Caller(user.name(), Door.USER, Permission.of(user.role()), Optional.empty());
    }

    static Caller of(Grant grant) {
        Set<Permission> permissions = grant.role()
                .map(Permission::of)
                .orElseGet(() -> EnumSet.of(Permission.OPEN, Permission.KNOWN, Permission.PREDICT));
        return grant.kind() == AccessToken.Kind.SESSION
                ? new Caller(grant.user(), Door.USER, permissions, Optional.of(grant.tokenId()))
                : new Caller(grant.user(), Door.TOKEN, permissions, Optional.empty());
    }

    /** Who sent this request. */
    public static Caller of(ServiceRequestContext context) {
        Caller caller = context.attr(KEY);
        if (caller == null) {
            throw new IllegalStateException(context.path() + ": reached a handler without having passed the door");
        }
        return caller;
    }

    void enter(ServiceRequestContext context) {
        context.setAttr(KEY, this);
    }

    /** Answers a request in the name of whoever sent it: what is changed meanwhile is recorded as done by that one. */
    public static <T> T inTheNameOf(ServiceRequestContext context, Supplier<T> answer) {
        Caller caller = of(context);
        return ScopedValue.where(CURRENT, caller)
                .call(() -> Actor.call(caller.name(), () -> Hops.after(hops(context), answer)));
    }

    /** How many servers passed the request on, as the last of them says. */
    private static int hops(ServiceRequestContext context) {
        return Hops.parse(context.request().headers().get(Hops.HEADER, "0"));
    }

    /** Whose request this thread answers; empty outside of {@link #inTheNameOf}. */
    public static Optional<Caller> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }

    /**
     * Goes on if this caller has the permission.
     *
     * @param what is asked for, for the message: {@code setting the alias champion}
     * @throws MillwrightException {@link AccessError#FORBIDDEN} if not
     */
    public void require(Permission permission, String what) {
        if (!may(permission)) {
            throw new MillwrightException(AccessError.FORBIDDEN, refusal(permission, what));
        }
    }

    /** What somebody reads who lacks a permission. */
    String refusal(Permission permission, String what) {
        return door == Door.UNGUARDED
                ? what + ": needs the home's token (expected: Authorization: Bearer and the token of owner.json)"
                : what + ": " + name + " may not do that (expected: " + permission.holders()
                        + "). Ask an administrator, or use a token of a wider scope.";
    }
}
