package dev.millwright.app;

import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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
    public Integer call() {
        int version = version();
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("endpoint", endpoint, "version", version)));
        } else {
            terminal.out().println(endpoint + " is served by version " + version + " again");
        }
        return ExitCode.DONE.number();
    }

    private int version() {
        Optional<HomeLock> lock = HomeLock.tryAcquire(options.home());
        if (lock.isEmpty()) {
            return new OwnerClient(OwnerInfo.find(options.home()).orElseThrow()).rollBack(endpoint, reason);
        }
        try (OwnedHome home = OwnedHome.open(lock.get(), 0, InstantSource.system())) {
            return home.deployments().rollBack(endpoint, reason);
        }
    }
}
