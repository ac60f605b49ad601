package dev.millwright.app;

import dev.millwright.registry.AccessToken;
import dev.millwright.registry.Registry;
import dev.millwright.registry.TokenScope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, makes and revokes tokens. */
@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        description = "List the tokens with which programs log in; make and revoke them. A secret is shown once.",
        footer = {
            "",
            "Examples:",
            "  millwright tokens create --user ana --name training --scope editor --days 30",
            "  MLFLOW_TRACKING_TOKEN=mw_… python train.py",
            "  millwright tokens create --user shop --name checkout --scope predict",
            "  millwright tokens revoke 5f0c1d2e3a4b"
        })
final class TokensCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Option(names = "--user", paramLabel = "NAME", description = "Only those of this user.")
    private @Nullable String only;

    TokensCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Registry registry = HomeReader.open(options.home())) {
            List<AccessToken> tokens = registry.users().list().stream()
                    .filter(user -> only == null || user.name().equals(only))
                    .flatMap(user -> registry.tokens().list(user.name()).stream())
                    .toList();
            list(tokens);
        }
        return ExitCode.DONE.number();
    }

    private void list(List<AccessToken> tokens) {
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("tokens", tokens)));
        } else if (tokens.isEmpty()) {
            terminal.out()
                    .println(
                            "No tokens. Make one with: millwright tokens create --user NAME --name WHAT --scope SCOPE");
        } else {
            terminal.table(
                    List.of("ID", "USER", "NAME", "SCOPE", "EXPIRES"),
                    tokens.stream()
                            .map(token -> List.of(
                                    token.id(),
                                    token.user(),
                                    Terminal.printable(token.label()),
                                    token.scope().label(),
                                    Times.stamp(token.expires())))
                            .toList());
        }
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make a token and print its secret.")
    int create(
            @Mixin GlobalOptions given,
            @Option(names = "--user", required = true, paramLabel = "NAME", description = "Whom it stands for.")
                    String user,
            @Option(names = "--name", required = true, paramLabel = "TEXT", description = "What it is for.")
                    String name,
            @Option(names = "--scope", required = true, description = "At most: ${COMPLETION-CANDIDATES}.")
                    TokenScope scope,
            @Option(
                            names = "--days",
                            defaultValue = "90",
                            paramLabel = "N",
                            description = "How long it lives (default: ${DEFAULT-VALUE}).")
                    int days)
            throws InterruptedException {
        String secret = AccessDesk.at(given.home(), desk -> desk.issue(user, name, scope, days));
        if (given.json()) {
            terminal.out().println(Json.pretty(Map.of("user", user, "scope", scope.label(), "secret", secret)));
        } else {
            terminal.err().println("Keep it: it is not shown again.");
            terminal.out().println(secret);
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Make a token useless.")
    int revoke(@Mixin GlobalOptions given, @Parameters(paramLabel = "ID", description = "The token's id.") String id)
            throws InterruptedException {
        AccessDesk.at(given.home(), desk -> {
            desk.revoke(id);
            return id;
        });
        terminal.out().println(given.json() ? Json.pretty(Map.of("token", id)) : id + " is revoked");
        return ExitCode.DONE.number();
    }
}
