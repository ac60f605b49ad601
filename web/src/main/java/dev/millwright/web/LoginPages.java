package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.AccessToken;
import dev.millwright.registry.Registry;
import dev.millwright.registry.TokenScope;
import dev.millwright.registry.User;
import dev.millwright.web.access.AccessError;
import dev.millwright.web.access.AccessOptions;
import dev.millwright.web.access.Caller;
import dev.millwright.web.access.LoginCookies;
import dev.millwright.web.access.OpenIdConnect;
import dev.millwright.web.access.PasswordDoor;
import dev.millwright.web.page.LoginPage;
import dev.millwright.web.page.Section;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where browsers log in and out. A session ends after twelve hours. */
final class LoginPages {
    private static final Duration SESSION = Duration.ofHours(12);
    private static final String LOGIN = "/login";

    private final Site site;
    private final Registry registry;
    private final AccessOptions access;
    private final PasswordDoor passwords;
    private final LoginCookies cookies;
    private final Optional<OpenIdConnect> provider;

    LoginPages(Site site, AccessOptions access, PasswordDoor passwords) {
        this.site = site;
        this.registry = site.registry();
        this.access = access;
        this.passwords = passwords;
        this.cookies = new LoginCookies(access.publicUrl());
        this.provider = access.provider()
                .map(known -> new OpenIdConnect(known, site.services().clock()));
    }

    void add(Routes routes) {
        routes.get(LOGIN, Operation.page("Where to log in"), this::ask);
        routes.post(LOGIN, Operation.form("Logs in"), this::logIn);
        routes.post("/logout", Operation.form("Logs out"), this::logOut);
        routes.get("/login/oidc", Operation.page("On to the identity provider"), this::depart);
        routes.get(OpenIdConnect.CALLBACK, Operation.page("Back from the identity provider"), this::arrive);
    }

    /** The address of the login for somebody who wanted to go to {@code next}. */
    static String address(String next) {
        return next.equals("/")
                ? LOGIN
                : LOGIN + "?" + QueryParams.of("next", next).toQueryString();
    }

    static HttpResponse redirect(String address) {
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.SEE_OTHER)
                .set(HttpHeaderNames.LOCATION, address)
                .build());
    }

    /** A place of this server: what begins with two slashes, or a backslash, would be another one. */
    private static String local(String next) {
        boolean here = next.startsWith("/")
                && !next.startsWith("//")
                && next.indexOf('\\') < 0
                && next.chars().noneMatch(Character::isISOControl);
        return here ? next : "/";
    }

    private HttpResponse ask(Call call) {
        return access.asksForLogin()
                ? page(HttpStatus.OK, local(call.query("next").orElse("/")), "", Optional.empty())
                : redirect("/");
    }

    private HttpResponse page(HttpStatus status, String next, String name, Optional<String> problem) {
        LoginPage page = new LoginPage(
                site.head("Log in", Section.NONE),
                next,
                name,
                problem,
                access.provider().map(known -> known.issuer().getHost()));
        return HttpResponse.of(
                status, Templates.HTML, HttpData.wrap(site.templates().render("login", page)));
    }

    private HttpResponse logIn(Call call) {
        QueryParams form = call.form();
        String name = form.get("name", "").strip();
        String next = local(form.get("next", "/"));
        try {
            return passwords
                    .check(
                            name,
                            form.get("password", ""),
                            call.context().clientAddress().getHostAddress())
                    .map(user -> begin(call, user, next))
                    .orElseGet(
                            () -> page(HttpStatus.UNAUTHORIZED, next, name, Optional.of("Name or password is wrong.")));
        } catch (MillwrightException refused) {
            return page(HttpStatus.TOO_MANY_REQUESTS, next, name, Optional.of(String.valueOf(refused.getMessage())));
        }
    }

    private HttpResponse begin(Call call, User user, String next) {
        String agent = call.request()
                .headers()
                .get(HttpHeaderNames.USER_AGENT, "browser")
                .replaceAll("\\p{Cntrl}", " ");
        String secret = registry.tokens()
                .issue(
                        user.name(),
                        AccessToken.Kind.SESSION,
                        agent.isBlank() ? "browser" : agent.substring(0, Math.min(agent.length(), 100)),
                        TokenScope.ADMINISTRATOR,
                        SESSION)
                .secret();
        return answer(next, cookies.session(secret, SESSION));
    }

    private HttpResponse logOut(Call call) {
        Caller.of(call.context()).session().ifPresent(registry.tokens()::revoke);
        return answer(LOGIN, cookies.endSession());
    }

    private HttpResponse depart(Call call) {
        OpenIdConnect.Departure departure =
                requireProvider().depart(here(call), local(call.query("next").orElse("/")));
        return answer(departure.location(), cookies.attempt(departure.state(), OpenIdConnect.PATIENCE));
    }

    private HttpResponse arrive(Call call) {
        Optional<String> error = call.query("error");
        if (error.isPresent()) {
            String why = call.query("error_description").orElse(error.get());
            return page(HttpStatus.UNAUTHORIZED, "/", "", Optional.of("The identity provider refused: " + why));
        }
        try {
            OpenIdConnect.Arrival arrival = requireProvider()
                    .arrive(
                            call.query("state").orElse(""),
                            LoginCookies.attempt(call.request().headers()).orElse(""),
                            call.query("code").orElse(""));
            return begin(call, user(arrival), arrival.next());
        } catch (MillwrightException refused) {
            return page(
                    Failures.status(refused.code().kind()), "/", "", Optional.of(String.valueOf(refused.getMessage())));
        }
    }

    private User user(OpenIdConnect.Arrival arrival) {
        return registry.users()
                .find(arrival.identity())
                .orElseGet(() -> registry.users()
                        .add(
                                arrival.names().getFirst(),
                                access.provider()
                                        .flatMap(AccessOptions.Provider::newcomers)
                                        .orElseThrow(() -> new MillwrightException(
                                                AccessError.FORBIDDEN,
                                                "user: " + arrival.names().getFirst()
                                                        + " is not known here (expected: one whom an"
                                                        + " administrator added as issuer "
                                                        + arrival.identity().issuer() + ", subject "
                                                        + arrival.identity().subject() + ")")),
                                arrival.identity()));
    }

    /** The address under which the browser sees this server. */
    private String here(Call call) {
        return access.publicUrl()
                .map(URI::toString)
                .orElseGet(() -> "http://" + call.request().authority());
    }

    private OpenIdConnect requireProvider() {
        return provider.orElseThrow(() -> new MillwrightException(
                WebError.NO_SUCH_THING, "login: no identity provider is set (expected: --oidc-issuer)"));
    }

    private static HttpResponse answer(String location, String cookie) {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.SEE_OTHER)
                .set(HttpHeaderNames.LOCATION, location)
                .set(HttpHeaderNames.SET_COOKIE, cookie);
        return HttpResponse.of(headers.build());
    }
}
