package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Registry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists model versions. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        subcommands = {ImportModelCommand.class, ConnectModelCommand.class},
        description = "List registered models and their versions, newest first.",
        footer = {
            "",
            "Examples:",
            "  millwright models",
            "  millwright models churn --json",
            "  millwright models import credit.onnx",
            "  millwright models import cascade.yaml",
            "  millwright models connect credit --url http://10.0.0.5:8750"
        })
final class ModelsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "Only this model.")
    private @Nullable String model;

    ModelsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Registry registry = HomeReader.open(options.home())) {
            List<ModelVersion> versions = names(registry).stream()
                    .flatMap(name -> registry.models().versions(name).stream())
                    .toList();
            if (options.json()) {
                terminal.out().println(Json.pretty(Map.of("model_versions", versions)));
            } else if (versions.isEmpty()) {
                terminal.out().println("No models yet. Start with: millwright run FILE");
            } else {
                terminal.table(
                        List.of("MODEL", "VERSION", "SEMANTIC", "ALIASES", "STATUS", "RUN", "CREATED"),
                        versions.stream().map(ModelsCommand::row).toList());
            }
        }
        return ExitCode.DONE.number();
    }

    private List<String> names(Registry registry) {
        List<String> known =
                registry.models().list().stream().map(RegisteredModel::name).toList();
        if (model == null) {
            return known;
        }
        if (!known.contains(model)) {
            throw new InvalidInputException("MODEL: " + model + " does not exist." + Words.suggestion(model, known));
        }
        return List.of(model);
    }

    private static List<String> row(ModelVersion version) {
        return List.of(
                version.model(),
                Integer.toString(version.version()),
                version.semanticVersion().toString(),
                String.join(", ", version.aliases()),
                version.status().name().toLowerCase(Locale.ROOT),
                version.runId()
                        .map(id -> id.substring(0, Math.min(12, id.length())))
                        .orElse("—"),
                Times.stamp(version.created()));
    }
}
