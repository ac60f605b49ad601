package dev.millwright.app;

import dev.millwright.pipelines.ModelConnection.Connected;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.serving.remote.RemoteTarget;
import dev.millwright.serving.remote.Retries;
import dev.millwright.serving.remote.Secret;
import dev.millwright.serving.remote.Wire;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers a model that other servers answer for. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        description = {
            "Register a model that other servers answer for as the next version of a model here, and roll it out if an",
            "endpoint is named. The servers speak the Open Inference Protocol: Millwright, Triton, MLServer. With several,",
            "each request goes to the one with the least to do; one that fails is left alone for a while."
        },
        footer = {
            "",
            "Examples:",
            "  millwright models connect credit --url http://10.0.0.5:8750 --url http://10.0.0.6:8750 --endpoint credit",
            "  millwright models connect images --url http://triton:8001 --grpc --model resnet50",
            "  millwright models connect credit --url https://ml.example.org --token-variable MILLWRIGHT_BACKEND_TOKEN"
        })
final class ConnectModelCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "NAME", description = "The model that it is a version of; made if there is none.")
    private String name = "";

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "A server that has the model: http://HOST:PORT. Once for each server.")
    private List<String> urls = List.of();

    @Option(names = "--model", paramLabel = "NAME", description = "Its name there (default: the same).")
    private @Nullable String model;

    @Option(names = "--model-version", paramLabel = "N", description = "The version there (default: theirs to choose).")
    private @Nullable String version;

    @Option(names = "--grpc", description = "Ask over gRPC rather than REST.")
    private boolean grpc;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            description = "Milliseconds that one call may take (default: 10000).")
    private long timeout = RemoteTarget.TIMEOUT.toMillis();

    @Option(
            names = "--calls",
            paramLabel = "N",
            description = "Calls that may be under way at a time, to all servers together (default: ${DEFAULT-VALUE}).")
    private int calls = RemoteTarget.CALLS;

    @Option(
            names = "--retries",
            paramLabel = "WHICH",
            description = {
                "Which calls are made again at another server: always, also those that a server may have answered before",
                "it was lost; unprocessed, only those that no server worked on (default: ${DEFAULT-VALUE})."
            })
    private Retries retries = Retries.ALWAYS;

    @Option(
            names = "--token-variable",
            paramLabel = "NAME",
            description = "The server's environment variable, MILLWRIGHT_BACKEND_…, with the token that backends want.")
    private @Nullable String tokenVariable;

    @Option(
            names = "--token-file",
            paramLabel = "NAME",
            description = "The file in HOME/secrets with the token that backends want.")
    private @Nullable String tokenFile;

    @Option(names = "--endpoint", paramLabel = "NAME", description = "Roll it out there; made if there is none.")
    private @Nullable String endpoint;

    ConnectModelCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What became of it, and of its deployment. */
    private record Outcome(Connected connected, Optional<Deployed> deployed) {}

    @Override
    public Integer call() throws InterruptedException {
        RemoteTarget target = new RemoteTarget(
                urls.stream().map(RemoteTarget::backend).toList(),
                model == null ? name : model,
                Optional.ofNullable(version),
                grpc ? Wire.GRPC : Wire.REST,
                Duration.ofMillis(timeout),
                Secret.of(Optional.ofNullable(tokenVariable), Optional.ofNullable(tokenFile)),
                retries,
                calls);
        Outcome outcome = register(target);
        Connected connected = outcome.connected();
        NewVersion fresh = new NewVersion(connected.model() + "/" + connected.version(), outcome.deployed());
        if (options.json()) {
            terminal.out().println(fresh.json("connected", connected));
        } else {
            print(connected);
            terminal.out().println(fresh.text());
        }
        return ExitCode.DONE.number();
    }

    private void print(Connected connected) {
        connected.silent().forEach(silent -> terminal.err().println("did not answer yet: " + silent));
        terminal.out()
                .println(connected.model() + "/" + connected.version() + " takes "
                        + String.join(", ", connected.inputs()) + " and gives "
                        + String.join(", ", connected.outputs()));
    }

    private Outcome register(RemoteTarget target) throws InterruptedException {
        return switch (HomeDoor.enter(options.home())) {
            case HomeDoor.Free(HomeLock lock) -> {
                try (OwnedHome home = OwnedHome.open(lock, 0, InstantSource.system())) {
                    Connected connected = home.connection().connect(name, target, "");
                    yield new Outcome(
                            connected,
                            Optional.ofNullable(endpoint)
                                    .map(at -> home.deployments()
                                            .deployByHand(at, name, connected.version(), Optional.empty())));
                }
            }
            case HomeDoor.Held(OwnerInfo owner) -> {
                OwnerClient client = new OwnerClient(owner);
                Connected connected = client.connect(name, target);
                yield new Outcome(
                        connected,
                        Optional.ofNullable(endpoint)
                                .map(at -> client.deploy(at, name, connected.version(), Optional.empty())));
            }
        };
    }
}
