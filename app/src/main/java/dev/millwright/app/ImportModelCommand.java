package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.ModelImport.Imported;
import dev.millwright.pipelines.ModelImport.Serving;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers an ONNX file, or an inference graph of registered models, as a model version. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Register an ONNX file as the next version of a model, and roll it out if an endpoint is named.",
            "A graph that takes rows of columns and gives classes or a number is served with feature rows, which are",
            "watched; any other one with the inputs and outputs that it names.",
            "A YAML file is an inference graph: several registered models that answer as one (docs/graphs.md)."
        },
        footer = {
            "",
            "Examples:",
            "  millwright models import credit.onnx",
            "  millwright models import resnet50.onnx --name images --endpoint images",
            "  millwright models import credit.onnx --tensors",
            "  millwright models import cascade.yaml --name credit --endpoint credit"
        })
final class ImportModelCommand implements Callable<Integer> {
    private static final Pattern ENDING = Pattern.compile("\\.(onnx|ya?ml)$", Pattern.CASE_INSENSITIVE);

    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "FILE", description = "An ONNX file with all of its weights inside, or a YAML file.")
    private Path file = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "MODEL",
            description = "The model that it is a version of; made if there is none (default: the file's name).")
    private @Nullable String name;

    @Option(names = "--tensors", description = "Serve it with its own inputs and outputs, even if it takes rows.")
    private boolean tensors;

    @Option(names = "--endpoint", paramLabel = "NAME", description = "Roll it out there; made if there is none.")
    private @Nullable String endpoint;

    ImportModelCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What became of the file, and of its deployment. */
    private record Outcome(Imported imported, Optional<Deployed> deployed) {}

    @Override
    public Integer call() throws InterruptedException {
        Path absolute = file.toAbsolutePath().normalize();
        if (!Files.isRegularFile(absolute)) {
            throw new InvalidInputException(
                    "FILE: " + file + " is not there (expected: an ONNX file, or the YAML file of an inference graph)");
        }
        Outcome outcome = register(absolute, name == null ? named(absolute) : name);
        Imported imported = outcome.imported();
        NewVersion fresh = new NewVersion(imported.model() + "/" + imported.version(), outcome.deployed());
        if (options.json()) {
            terminal.out().println(fresh.json("imported", imported));
        } else {
            terminal.out()
                    .println(imported.model() + "/" + imported.version() + " takes " + imported.takes() + " ("
                            + imported.reason().lines().findFirst().orElse("") + ")");
            terminal.out().println(fresh.text());
        }
        return ExitCode.DONE.number();
    }

    private static String named(Path file) {
        return ENDING.matcher(String.valueOf(file.getFileName())).replaceFirst("");
    }

    private Outcome register(Path absolute, String model) throws InterruptedException {
        return switch (HomeDoor.enter(options.home())) {
            case HomeDoor.Free(HomeLock lock) -> {
                try (OwnedHome home = OwnedHome.open(lock, 0, InstantSource.system())) {
                    Imported imported = home.models().add(absolute, model, serving(), "");
                    yield new Outcome(
                            imported,
                            Optional.ofNullable(endpoint)
                                    .map(at -> home.deployments()
                                            .deployByHand(at, model, imported.version(), Optional.empty())));
                }
            }
            case HomeDoor.Held(OwnerInfo owner) -> {
                OwnerClient client = new OwnerClient(owner);
                Imported imported = client.importModel(absolute, model, serving());
                yield new Outcome(
                        imported,
                        Optional.ofNullable(endpoint)
                                .map(at -> client.deploy(at, model, imported.version(), Optional.empty())));
            }
        };
    }

    private Serving serving() {
        return tensors ? Serving.TENSORS : Serving.ROWS_IF_POSSIBLE;
    }
}
