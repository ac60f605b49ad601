package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Role;
import dev.millwright.registry.User;
import dev.millwright.registry.User.Identity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists and changes who may log in. */
@Command(
        name = "users",
        mixinStandardHelpOptions = true,
        description = "List who may log in, and change it. A server that others reach needs an administrator.",
        footer = {
            "",
            "Roles: viewer sees; editor also logs, registers and asks for predictions; deployer also runs pipelines and",
            "changes what serves; administrator also says who may do what.",
            "",
            "Examples:",
            "  millwright users add ana --role administrator",
            "  millwright users add dora --role editor --issuer https://login.example --subject 4711",
            "  millwright users role ana editor"
        })
final class UsersCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    UsersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Registry registry = HomeReader.open(options.home())) {
            list(registry.users().list());
        }
        return ExitCode.DONE.number();
    }

    private void list(List<User> users) {
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("users", users)));
        } else if (users.isEmpty()) {
            terminal.out().println("No users yet. Add one with: millwright users add NAME --role administrator");
        } else {
            terminal.table(
                    List.of("NAME", "ROLE", "LOGS IN WITH", "ADDED"),
                    users.stream()
                            .map(user -> List.of(
                                    user.name(),
                                    user.role().label(),
                                    user.identity().map(Identity::issuer).orElse("password"),
                                    Times.stamp(user.created())))
                            .toList());
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Add a user. Asks for the password, unless an identity provider knows the user.")
    int add(
            @Mixin GlobalOptions given,
            @Parameters(paramLabel = "NAME", description = "What the user is called.") String name,
            @Option(names = "--role", required = true, description = "One of: ${COMPLETION-CANDIDATES}.") Role role,
            @Mixin PasswordFlag password,
            @Option(
                            names = "--issuer",
                            paramLabel = "URL",
                            description = "The identity provider, instead of a password.")
                    @Nullable
                    String issuer,
            @Option(names = "--subject", paramLabel = "ID", description = "How the provider knows the user.") @Nullable
                    String subject)
            throws InterruptedException, IOException {
        if ((issuer == null) != (subject == null)) {
            throw new InvalidInputException("--issuer, --subject: one without the other (expected: both or none)");
        }
        if (issuer != null && subject != null) {
            Identity identity = new Identity(issuer, subject);
            return change(given, name, name + " is added, " + role.label(), desk -> desk.add(name, role, identity));
        }
        String secret = password.read();
        return change(given, name, name + " is added, " + role.label(), desk -> desk.add(name, role, secret));
    }

    @Command(name = "role", mixinStandardHelpOptions = true, description = "Give a user another role.")
    int role(
            @Mixin GlobalOptions given,
            @Parameters(paramLabel = "NAME", description = "The user.") String name,
            @Parameters(paramLabel = "ROLE", description = "One of: ${COMPLETION-CANDIDATES}.") Role role)
            throws InterruptedException {
        return change(given, name, name + " is " + role.label() + " now", desk -> desk.changeRole(name, role));
    }

    @Command(
            name = "password",
            mixinStandardHelpOptions = true,
            description = "Set a new password, and end the user's sessions.")
    int password(
            @Mixin GlobalOptions given,
            @Parameters(paramLabel = "NAME", description = "The user.") String name,
            @Mixin PasswordFlag password)
            throws InterruptedException, IOException {
        String secret = password.read();
        return change(given, name, name + " has a new password", desk -> desk.changePassword(name, secret));
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a user with all tokens.")
    int remove(@Mixin GlobalOptions given, @Parameters(paramLabel = "NAME", description = "The user.") String name)
            throws InterruptedException {
        return change(given, name, name + " is removed", desk -> desk.remove(name));
    }

    private int change(GlobalOptions given, String user, String done, Consumer<AccessDesk> work)
            throws InterruptedException {
        AccessDesk.at(given.home(), desk -> {
            work.accept(desk);
            return user;
        });
        terminal.out().println(given.json() ? Json.pretty(Map.of("user", user, "done", done)) : done);
        return ExitCode.DONE.number();
    }
}
