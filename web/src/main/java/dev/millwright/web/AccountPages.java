package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.AccessToken;
import dev.millwright.registry.Registry;
import dev.millwright.registry.TokenScope;
import dev.millwright.registry.User;
import dev.millwright.web.access.AccessError;
import dev.millwright.web.access.Caller;
import dev.millwright.web.access.PasswordDoor;
import dev.millwright.web.page.AccountPage;
import dev.millwright.web.page.Section;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What users do with their own account: tokens and the password. */
final class AccountPages {
    /** How long a token lives unless its user says otherwise. */
    static final int DAYS = 90;

    private static final String ACCOUNT = "/account";

    private final Site site;
    private final Registry registry;
    private final PasswordDoor passwords;

    AccountPages(Site site, PasswordDoor passwords) {
        this.site = site;
        this.registry = site.registry();
        this.passwords = passwords;
    }

    void add(Routes routes) {
        routes.get(ACCOUNT, Operation.page("Account and tokens"), this::account);
        routes.post("/account/tokens", Operation.form("Makes a token"), this::issue);
        routes.post("/account/tokens/{token}/revoke", Operation.form("Revokes a token"), this::revoke);
        routes.post("/account/password", Operation.form("Changes the own password"), this::changePassword);
    }

    /** What is said on the page besides. */
    private record Remark(Optional<String> secret, Optional<String> notice, Optional<String> problem) {
        static final Remark NONE = new Remark(Optional.empty(), Optional.empty(), Optional.empty());

        static Remark notice(String text) {
            return new Remark(Optional.empty(), Optional.of(text), Optional.empty());
        }

        static Remark problem(String text) {
            return new Remark(Optional.empty(), Optional.empty(), Optional.of(text));
        }
    }

    private HttpResponse account(Call call) {
        Remark remark = call.query("done").map(Remark::notice).orElse(Remark.NONE);
        return page(call, remark);
    }

    private HttpResponse page(Call call, Remark remark) {
        Optional<User> user = user(call);
        AccountPage page = new AccountPage(
                site.head("Account", Section.NONE),
                user.map(known ->
                        new AccountPage.Person(known.name(), known.role().label(), known.hasPassword())),
                user.map(known -> rows(known.name())).orElse(List.of()),
                user.map(AccountPages::scopes).orElse(List.of()),
                remark.secret(),
                remark.notice(),
                remark.problem());
        HttpStatus status = remark.problem().isPresent() ? HttpStatus.BAD_REQUEST : HttpStatus.OK;
        return HttpResponse.of(
                status, Templates.HTML, HttpData.wrap(site.templates().render("account", page)));
    }

    private List<AccountPage.TokenRow> rows(String user) {
        return registry.tokens().list(user).stream()
                .map(token -> new AccountPage.TokenRow(
                        token.id(),
                        token.label(),
                        token.scope().label(),
                        site.moment(token.created()),
                        site.moment(token.expires())))
                .toList();
    }

    private static List<String> scopes(User user) {
        return Arrays.stream(TokenScope.values())
                .filter(scope -> scope.isWithin(user.role()))
                .map(TokenScope::label)
                .toList();
    }

    /** Nobody where the server asks for no login, or where a token was sent: it must not make itself a wider one. */
    private Optional<User> user(Call call) {
        Caller caller = Caller.of(call.context());
        return caller.door() == Caller.Door.USER ? registry.users().find(caller.name()) : Optional.empty();
    }

    private User requireUser(Call call) {
        site.requireOurs(call);
        return user(call)
                .orElseThrow(() -> new MillwrightException(
                        AccessError.FORBIDDEN, "account: nobody is logged in (expected: a user). Log in at /login."));
    }

    private HttpResponse issue(Call call) {
        User user = requireUser(call);
        QueryParams form = call.form();
        try {
            AccessToken.Issued issued = registry.tokens()
                    .issue(
                            user.name(),
                            AccessToken.Kind.PERSONAL,
                            form.get("name", "").strip(),
                            UserRoutes.scope(form.get("scope", "")),
                            Duration.ofDays(days(form.get("days", ""))));
            return page(call, new Remark(Optional.of(issued.secret()), Optional.empty(), Optional.empty()));
        } catch (InvalidInputException wrong) {
            return page(call, Remark.problem(String.valueOf(wrong.getMessage())));
        }
    }

    private static long days(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException odd) {
            throw new InvalidInputException("days: " + text + " (expected: a whole number)");
        }
    }

    private HttpResponse revoke(Call call) {
        User user = requireUser(call);
        String id = call.path("token");
        boolean own = registry.tokens()
                .find(id)
                .filter(token -> token.user().equals(user.name()))
                .isPresent();
        if (own) {
            registry.tokens().revoke(id);
        }
        return done(own ? "The token is revoked." : "That token was gone already.");
    }

    private HttpResponse changePassword(Call call) {
        User user = requireUser(call);
        QueryParams form = call.form();
        String address = call.context().clientAddress().getHostAddress();
        try {
            if (passwords.check(user.name(), form.get("password", ""), address).isEmpty()) {
                return page(call, Remark.problem("The password you have now is another one."));
            }
            registry.users().changePassword(user.name(), form.get("new_password", ""));
        } catch (MillwrightException refused) {
            return page(call, Remark.problem(String.valueOf(refused.getMessage())));
        }
        return LoginPages.redirect("/login");
    }

    private static HttpResponse done(String text) {
        return LoginPages.redirect(ACCOUNT + "?" + QueryParams.of("done", text).toQueryString());
    }
}
