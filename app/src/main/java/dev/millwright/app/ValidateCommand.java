package dev.millwright.app;

import dev.millwright.data.DuckDb;
import dev.millwright.pipelines.CheckedPipeline;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.PipelineCheck;
import dev.millwright.pipelines.PipelineReader;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds every mistake in a pipeline file without doing any work. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description =
                "Find every mistake in a pipeline file, without doing any work: keys, types, files, columns, SQL, metrics.",
        footer = {"", "Example:", "  millwright validate churn.yaml --set DATA=~/data"})
final class ValidateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "FILE", description = "The pipeline file.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "What $${NAME} in the file stands for.")
    private List<String> settings = List.of();

    ValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        RunRequest request = PipelineInput.read(Objects.requireNonNull(file), settings);
        try (Scratch scratch = Scratch.make();
                DuckDb duck = new DuckDb(DuckDb.Settings.ofThisMachine(scratch.folder()));
                HomeDatasets datasets = datasets()) {
            Optional<DatasetStore> store = Optional.ofNullable(datasets).map(HomeDatasets::store);
            CheckedPipeline pipeline = PipelineReader.readAndCheck(
                    request.file(),
                    request.text(),
                    request.settings(),
                    file -> PipelineCheck.check(file, request.folder(), duck, store));
            if (options.json()) {
                terminal.out()
                        .println(Json.pretty(Map.of(
                                "valid", true,
                                "pipeline", pipeline.file().name(),
                                "features", pipeline.plan().features(),
                                "lineage", pipeline.plan().lineage(),
                                "warnings", pipeline.warnings())));
            } else {
                pipeline.warnings().forEach(warning -> terminal.err().println(terminal.yellow("note: ") + warning));
                terminal.out()
                        .println(file + ": valid, " + pipeline.plan().features().size() + " features from "
                                + String.join(", ", pipeline.plan().tables()));
            }
        }
        return ExitCode.DONE.number();
    }

    /** The home's, whose versions the file may name or its sources follow; null where there is no home yet. */
    private @Nullable HomeDatasets datasets() {
        return Registry.hasState(options.home()) ? HomeDatasets.open(options.home()) : null;
    }
}
