package dev.millwright.web.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * The door that every request passes: is it from here, who sent it, may that one do this. Whoever is let in is known to the handlers
 * as {@link Caller}. A token is looked up in memory; only a password takes a while, and is checked off the event loop.
 */
public final class AccessControl implements DecoratingHttpServiceFunction {
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final AccessOptions options;
    private final OriginGuard guard;
    private final Tokens tokens;
    private final PasswordDoor passwords;
    private final RunPasses passes;
    private final byte[] homeToken;
    private final Caller home = Caller.home();
    private final Executor threads;
    private final Refusals refusals;
    private volatile Map<Route, Map<HttpMethod, Permission>> permissions = Map.of();

    /** How a caller that is not let in is told, in the shape that it understands. */
    @FunctionalInterface
    public interface Refusals {
        HttpResponse refuse(ServiceRequestContext context, HttpStatus status, String message);
    }

    /**
     * Makes the door.
     *
     * @param homeToken what the home's user presents
     * @param threads where passwords are checked
     */
    public AccessControl(
            AccessOptions options,
            Registry registry,
            InstantSource clock,
            String homeToken,
            Executor threads,
            Refusals refusals) {
        this.options = options;
        this.guard = options.guard();
        this.tokens = registry.tokens();
        this.passwords = new PasswordDoor(registry.users(), clock);
        this.passes = new RunPasses(clock);
        this.homeToken = homeToken.getBytes(StandardCharsets.UTF_8);
        this.threads = threads;
        this.refusals = refusals;
    }

    /** Lets in what a run starts. */
    public RunPasses passes() {
        return passes;
    }

    /** What names and passwords are checked by. */
    public PasswordDoor passwords() {
        return passwords;
    }

    /**
     * Reads what each route of the server asks for.
     *
     * @throws IllegalStateException when a route has no rule: it would be open to everybody, or to nobody
     */
    public void learn(Server server) {
        Map<Route, Map<HttpMethod, Permission>> learned = new HashMap<>();
        for (ServiceConfig config : server.config().serviceConfigs()) {
            Map<HttpMethod, Permission> asked = new EnumMap<>(HttpMethod.class);
            for (HttpMethod method : config.route().methods()) {
                asked.put(method, rule(method, config.route()));
            }
            learned.put(config.route(), asked);
        }
        permissions = Map.copyOf(learned);
    }

    private static Permission rule(HttpMethod method, Route route) {
        return AccessRules.find(method, route.patternString())
                .orElseThrow(() -> new IllegalStateException(method + " " + route.patternString()
                        + ": no rule says who may do this (expected: one in AccessRules)"));
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        Optional<String> refusal = guard.refusal(request.headers());
        if (refusal.isPresent()) {
            return refusals.refuse(context, HttpStatus.FORBIDDEN, refusal.get());
        }
        String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (options.asksForLogin() && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return afterPassword(delegate, context, request, authorization.substring(BASIC.length()));
        }
        return decide(delegate, context, request, caller(request.headers(), authorization));
    }

    private Optional<Caller> caller(RequestHeaders headers, String authorization) {
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            String secret = authorization.substring(BEARER.length()).strip();
            return bearer(secret);
        }
        if (!options.asksForLogin()) {
            return Optional.of(Caller.LOCAL);
        }
        return LoginCookies.session(headers)
                .flatMap(tokens::authenticate)
                .map(Caller::of)
                .or(() -> Optional.of(Caller.STRANGER));
    }

    private Optional<Caller> bearer(String secret) {
        if (MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), homeToken)) {
            return Optional.of(home);
        }
        return options.asksForLogin()
                ? tokens.authenticate(secret).map(Caller::of).or(() -> passes.check(secret))
                : Optional.of(Caller.LOCAL);
    }

    private HttpResponse afterPassword(
            HttpService delegate, ServiceRequestContext context, HttpRequest request, String credentials) {
        return HttpResponse.of(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        Optional<Caller> caller = passwords
                                .checkBasic(credentials, context.clientAddress().getHostAddress())
                                .map(Caller::of);
                        return decide(delegate, context, request, caller);
                    } catch (MillwrightException refused) {
                        return refusals.refuse(context, status(refused), String.valueOf(refused.getMessage()));
                    } catch (Exception failed) {
                        throw new CompletionException(failed);
                    }
                },
                threads));
    }

    private static HttpStatus status(MillwrightException refused) {
        return refused.code() == AccessError.TOO_MANY_ATTEMPTS ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.UNAUTHORIZED;
    }

    private HttpResponse decide(
            HttpService delegate, ServiceRequestContext context, HttpRequest request, Optional<Caller> found)
            throws Exception {
        if (found.isEmpty()) {
            return refusals.refuse(
                    context,
                    HttpStatus.UNAUTHORIZED,
                    "Authorization: unknown, expired or wrong (expected: the name and password of a user, or a token). Make one"
                            + " on the page /account");
        }
        Caller caller = found.get();
        Permission needed = needed(context, request.method());
        if (!caller.may(needed)) {
            return caller.door() == Caller.Door.STRANGER || caller.door() == Caller.Door.UNGUARDED
                    ? refusals.refuse(context, HttpStatus.UNAUTHORIZED, missing(caller, needed, context))
                    : refusals.refuse(context, HttpStatus.FORBIDDEN, caller.refusal(needed, what(context)));
        }
        caller.enter(context);
        return delegate.serve(context, request);
    }

    private static String missing(Caller caller, Permission needed, ServiceRequestContext context) {
        return caller.door() == Caller.Door.UNGUARDED
                ? caller.refusal(needed, what(context))
                : "Authorization: missing (expected: the name and password of a user, or a token). Log in at /login";
    }

    private static String what(ServiceRequestContext context) {
        return context.method() + " " + context.path();
    }

    /** Where nothing is, a stranger need not know. */
    private Permission needed(ServiceRequestContext context, HttpMethod method) {
        Route route = context.config().route();
        Permission asked = permissions.getOrDefault(route, Map.of()).get(method);
        return asked == null ? Permission.KNOWN : asked;
    }

    /** What every route of the server asks for. */
    public List<Rule> rules() {
        return permissions.entrySet().stream()
                .flatMap(route -> route.getValue().entrySet().stream()
                        .map(rule -> new Rule(rule.getKey(), route.getKey().patternString(), rule.getValue())))
                .toList();
    }

    /** Whether nobody has to say who it is to come in here. */
    public boolean isOpen(Rule rule) {
        return (options.asksForLogin() ? Caller.STRANGER : Caller.LOCAL).may(rule.permission());
    }

    /** What a route asks for. */
    public record Rule(HttpMethod method, String pattern, Permission permission) {}
}
