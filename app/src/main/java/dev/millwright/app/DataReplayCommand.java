package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.pipelines.Text;
import dev.millwright.pipelines.datasets.Replay;
import dev.millwright.pipelines.datasets.ReplayRequest;
import dev.millwright.registry.DatasetReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes rows into a dataset that were set aside: repaired, or as they were found. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Judge the rows again that the newest version of a dataset set aside. Those that pass join a new version, each once,",
            "however often a file is replayed; of the others it says what is wrong with them now."
        },
        footer = {
            "",
            "Examples:",
            "  millwright data quarantine orders --export broken.csv     write the rows into a file, and repair them there",
            "  millwright data replay orders --file broken.csv",
            "  millwright data replay orders                             once the rows that they refer to have come",
            "  millwright data replay orders --pipeline shop.yaml        by the contract and expectations of this file"
        })
final class DataReplayCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "DATASET", description = "Its name in the pipeline file.")
    private String dataset = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Repaired rows, as 'data quarantine --export' wrote them: CSV, TSV or JSON lines.")
    private @Nullable Path file;

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            description = "That the rows of the file were exported from (default: what the file says).")
    private @Nullable String version;

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description =
                    "Judge by its contract and expectations (default: those that the newest version was read by).")
    private @Nullable Path pipeline;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "What $${NAME} in the pipeline file stands for.")
    private List<String> settings = List.of();

    DataReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        ReplayRequest request = new ReplayRequest(
                dataset,
                Optional.ofNullable(file).map(DataReplayCommand::existing),
                exported(),
                pipeline == null ? Optional.empty() : Optional.of(judging(pipeline)));
        Replay done = HomeDatasets.change(options.home(), datasets -> datasets.replay(request));
        if (options.json()) {
            terminal.out().println(Json.pretty(done));
        } else {
            print(done);
        }
        return ExitCode.DONE.number();
    }

    private static Path existing(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        if (!Files.isRegularFile(absolute)) {
            throw new InvalidInputException(
                    "--file: " + file
                            + " (expected: a file of repaired rows). Write one with: millwright data quarantine DATASET --export FILE");
        }
        return absolute;
    }

    private Optional<DatasetReference> exported() {
        if (version == null) {
            return Optional.empty();
        }
        if (file == null) {
            throw new InvalidInputException("--version: " + version
                    + " (expected: a --file of rows that were exported from it); without one, it is the newest's that are"
                    + " judged");
        }
        return Optional.of(DatasetReference.parse(dataset + "@" + version));
    }

    private RunRequest judging(Path from) throws java.io.IOException {
        return PipelineInput.read(from, settings);
    }

    private void print(Replay done) {
        note(done.known(), "of the file had been taken before");
        note(done.gone(), "of the file left as it is: the source brings it no more");
        if (!done.broken().isEmpty()) {
            terminal.table(
                    List.of("FILE", "LINE", "STILL WRONG"),
                    done.broken().stream()
                            .map(row -> List.of(
                                    row.source().substring(row.source().lastIndexOf('/') + 1),
                                    Long.toString(row.line()),
                                    row.reason()))
                            .toList());
        }
        terminal.out()
                .println(done.version()
                        .map(made -> dataset + "@v" + made + ": " + Text.count(done.taken(), "row") + " more than v"
                                + done.before() + ", " + Text.number(done.quarantined()) + " still quarantined")
                        .orElse(dataset + "@v" + done.before() + ": nothing has changed, "
                                + Text.number(done.quarantined()) + " quarantined"));
    }

    private void note(long rows, String what) {
        if (rows > 0) {
            terminal.err().println(terminal.dim(Text.count(rows, "row") + " " + what));
        }
    }
}
