package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Role;
import dev.millwright.registry.User;
import dev.millwright.registry.Users;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.UsersPage;
import java.util.Arrays;
import java.util.Optional;

/** Who may do what, for administrators. */
final class UserPages {
    private final Site site;
    private final Users users;

    UserPages(Site site) {
        this.site = site;
        this.users = site.registry().users();
    }

    void add(Routes routes) {
        routes.get("/users", Operation.page("Users"), call -> page(call.query("done"), Optional.empty()));
        routes.post("/users", Operation.form("Adds a user"), this::add);
        routes.post("/users/{user}/role", Operation.form("Gives a user another role"), this::changeRole);
        routes.post("/users/{user}/remove", Operation.form("Removes a user"), this::remove);
    }

    private HttpResponse page(Optional<String> notice, Optional<String> problem) {
        UsersPage page = new UsersPage(
                site.head("Users", Section.NONE),
                users.list().stream().map(this::row).toList(),
                Arrays.stream(Role.values()).map(Role::label).toList(),
                notice,
                problem);
        HttpStatus status = problem.isPresent() ? HttpStatus.BAD_REQUEST : HttpStatus.OK;
        return HttpResponse.of(
                status, Templates.HTML, HttpData.wrap(site.templates().render("users", page)));
    }

    private UsersPage.UserRow row(User user) {
        String login = user.identity().map(User.Identity::issuer).orElse("password");
        return new UsersPage.UserRow(user.name(), user.role().label(), login, site.moment(user.created()));
    }

    private HttpResponse add(Call call) {
        QueryParams form = call.form();
        return change(call, () -> {
            String name = form.get("name", "").strip();
            users.add(name, UserRoutes.role(form.get("role")), form.get("password", ""));
            return name + " is added.";
        });
    }

    private HttpResponse changeRole(Call call) {
        return change(call, () -> {
            User changed = users.changeRole(
                    call.path("user"), UserRoutes.role(call.form().get("role")));
            return changed.name() + " is " + changed.role().label() + " now.";
        });
    }

    private HttpResponse remove(Call call) {
        return change(call, () -> {
            users.remove(call.path("user"));
            return call.path("user") + " is removed.";
        });
    }

    /** A change that says what it did. */
    @FunctionalInterface
    private interface Change {
        String make();
    }

    private HttpResponse change(Call call, Change change) {
        site.requireOurs(call);
        try {
            return LoginPages.redirect(
                    "/users?" + QueryParams.of("done", change.make()).toQueryString());
        } catch (MillwrightException refused) {
            return page(Optional.empty(), Optional.of(String.valueOf(refused.getMessage())));
        }
    }
}
