package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rolls a version out by hand. */
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        description = {
            "Roll a model version out on an endpoint: one that a pipeline made, or one that a client of MLflow",
            "registered with the ONNX flavour. Its parity rows are replayed first."
        },
        footer = {
            "",
            "Examples:",
            "  millwright deploy churn/3 --endpoint churn",
            "  millwright deploy churn/3 --rollout '{blue_green: {keep: 1h}}'"
        })
final class DeployCommand implements Callable<Integer> {
    private static final Pattern VERSION = Pattern.compile("(.+)/v?(\\d{1,9})");

    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "MODEL/VERSION", description = "The version, as 'models' lists it.")
    private String version = "";

    @Option(
            names = "--endpoint",
            paramLabel = "NAME",
            description = "Where it shall serve; made if there is none (default: the model's name).")
    private @Nullable String endpoint;

    @Option(
            names = "--rollout",
            paramLabel = "YAML",
            description =
                    "How, as under 'rollout' in a pipeline file (default: as the pipeline of the version that serves"
                            + " now says, else at once).")
    private @Nullable String rollout;

    DeployCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Matcher named = VERSION.matcher(version);
        if (!named.matches()) {
            throw new InvalidInputException(
                    "MODEL/VERSION: " + version + " (expected: a model and the number of a version, churn/3)");
        }
        String model = named.group(1);
        Deployed deployed =
                deploy(Optional.ofNullable(endpoint).orElse(model), model, Integer.parseInt(named.group(2)));
        if (options.json()) {
            terminal.out().println(Json.pretty(deployed));
        } else {
            terminal.out()
                    .println(deployed.endpoint() + ": version " + deployed.version() + " of " + model + " is "
                            + deployed.status() + " (" + deployed.reason() + ")");
        }
        return ExitCode.DONE.number();
    }

    private Deployed deploy(String name, String model, int number) throws InterruptedException {
        HomeReader.requireState(options.home());
        return switch (HomeDoor.enter(options.home())) {
            case HomeDoor.Free(HomeLock lock) -> {
                try (OwnedHome home = OwnedHome.open(lock, 0, InstantSource.system())) {
                    yield home.deployments().deployByHand(name, model, number, Optional.ofNullable(rollout));
                }
            }
            case HomeDoor.Held(OwnerInfo owner) ->
                new OwnerClient(owner).deploy(name, model, number, Optional.ofNullable(rollout));
        };
    }
}
