package dev.millwright.app;

import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes an endpoint back to the version that served before. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description =
                "Take an endpoint back: out of a rollout under way, else to the version that served alone before.",
        footer = {"", "Example:", "  millwright rollback churn --reason 'calls go up'"})
final class RollbackCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint.")
    private String endpoint = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "by hand",
            description = "Why, for the record (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    RollbackCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        int version = version();
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("endpoint", endpoint, "version", version)));
        } else {
            terminal.out().println(endpoint + " is served by version " + version + " again");
        }
        return ExitCode.DONE.number();
    }

    private int version() throws InterruptedException {
        HomeReader.requireState(options.home());
        return switch (HomeDoor.enter(options.home())) {
            case HomeDoor.Free(HomeLock lock) -> here(lock);
            case HomeDoor.Held(OwnerInfo owner) -> new OwnerClient(owner).rollBack(endpoint, reason);
        };
    }

    private int here(HomeLock lock) {
        try (OwnedHome home = OwnedHome.open(lock, 0, InstantSource.system())) {
            return home.deployments().rollBack(endpoint, reason);
        }
    }
}
