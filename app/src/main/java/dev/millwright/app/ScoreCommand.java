package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.data.BatchRequest;
import dev.millwright.data.Format;
import dev.millwright.data.Header;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.scoring.Scoring;
import dev.millwright.pipelines.scoring.ScoringRequest;
import dev.millwright.pipelines.scoring.ScoringSummary;
import dev.millwright.pipelines.scoring.ScoringTarget;
import dev.millwright.registry.Registry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Predicts the rows of files. */
@Command(
        name = "score",
        description = {
            "Predict feature rows of files, larger than memory if need be, with the version that serves an endpoint.",
            "The answers are those of the endpoint. A call that was stopped goes on when it is given again."
        },
        footer = {
            "",
            "Examples:",
            "  millwright score churn --in customers.csv --out scored.parquet",
            "  millwright score churn --in 'features/*.parquet' --out scored/ --keep id,day",
            "  millwright score churn --in rows.jsonl --out scored.csv.gz --version 3 --overwrite"
        })
final class ScoreCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint.")
    private String endpoint = "";

    @SuppressWarnings("UnusedVariable") // the command line itself looks at it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Option(
            names = "--in",
            required = true,
            paramLabel = "PATH",
            description =
                    "A file of feature rows (.csv, .tsv, .jsonl or .parquet), or a glob of such files, in quotes.")
    private String in = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "PATH",
            description = "A file (.parquet, .csv or .tsv), or with '/' at the end a folder of Parquet files.")
    private String out = "";

    // The standard --version, which prints that of the program, gives way here.
    @Option(
            names = "--version",
            paramLabel = "N",
            description = "The model version that predicts (default: the one that serves).")
    private @Nullable Integer version;

    @Option(
            names = "--keep",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns that go into the output beside the predictions (default: all).")
    private List<String> keep = List.of();

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "What stands before the names of the columns that are added (default: nothing).")
    private String prefix = "";

    @Option(names = "--overwrite", description = "Replace an output that is there already.")
    private boolean overwrite;

    @Option(names = "--restart", description = "Begin anew, whatever an earlier call left unfinished.")
    private boolean restart;

    @Option(names = "--format", paramLabel = "FORMAT", description = "Of the input, where its ending doesn't tell.")
    private @Nullable String format;

    @Option(
            names = "--missing",
            split = ",",
            paramLabel = "WORD",
            description = "Words that stand for a missing value, beside nothing at all.")
    private List<String> missing = List.of();

    @Option(names = "--encoding", paramLabel = "NAME", description = "Of text (default: utf-8).")
    private @Nullable String encoding;

    @Option(names = "--delimiter", paramLabel = "TEXT", description = "Of CSV (default: what the file looks like).")
    private @Nullable String delimiter;

    @Option(
            names = "--part-rows",
            paramLabel = "N",
            description = "Rows of a part: what is lost at most when the call is stopped (default: by the columns).")
    private @Nullable Integer partRows;

    ScoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ScoringRequest request = request();
        ScoringSummary summary;
        try (Registry registry = HomeReader.open(options.home());
                ExecutorService workers = Threads.cores("score")) {
            ScoreView view = new ScoreView(terminal, InstantSource.system(), endpoint);
            Scoring scoring =
                    new Scoring(registry, workers, Runtime.getRuntime().availableProcessors(), InstantSource.system());
            try (var _ = PromptEnd.saying(() -> stopped(view))) {
                summary = scoring.run(request, view);
            } catch (InvalidInputException wrong) {
                view.fail();
                throw wrong;
            } catch (MillwrightException | Error failed) {
                stopped(view);
                throw failed;
            }
            view.finish(summary);
        }
        terminal.out().println(options.json() ? Json.pretty(summary) : line(summary));
        return ExitCode.DONE.number();
    }

    private void stopped(ScoreView view) {
        view.fail();
        terminal.err()
                .println("What is finished is kept beside " + out
                        + ": the same command goes on with it, and --restart begins anew.");
        terminal.err().flush();
    }

    private ScoringRequest request() {
        return new ScoringRequest(
                endpoint,
                Optional.ofNullable(version),
                source(),
                ScoringTarget.of(out),
                keep,
                prefix,
                partRows(),
                overwrite ? ScoringRequest.Finished.REPLACE : ScoringRequest.Finished.KEEP,
                restart ? ScoringRequest.Unfinished.DISCARD : ScoringRequest.Unfinished.GO_ON);
    }

    private SourceSpec source() {
        String from = Path.of(in).toAbsolutePath().normalize().toString();
        // Features are found by name, so there is a header, whatever it looks like.
        SourceSpec source = SourceSpec.of("in", from).withHeader(Header.PRESENT).withMissing(missing);
        if (format != null) {
            source = source.withFormat(format(format));
        }
        if (encoding != null) {
            source = source.withEncoding(encoding);
        }
        return delimiter == null ? source : source.withDelimiter(delimiter);
    }

    private static Format format(String name) {
        List<String> known = Arrays.stream(Format.values()).map(Format::label).toList();
        if (!known.contains(name.toLowerCase(Locale.ROOT))) {
            throw new InvalidInputException("--format: " + name + " (expected: one of " + String.join(", ", known)
                    + ")." + Words.suggestion(name, known));
        }
        return Format.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private Optional<Integer> partRows() {
        if (partRows != null && (partRows < 1 || partRows > BatchRequest.LARGEST)) {
            throw new InvalidInputException(
                    "--part-rows: " + partRows + " (expected: 1 to " + BatchRequest.LARGEST + ").");
        }
        return Optional.ofNullable(partRows);
    }

    /** The one line of result. */
    private static String line(ScoringSummary summary) {
        return String.format(
                Locale.ROOT,
                "%s: %,d rows scored with %s/%d → %s (%.1f s, %,.0f rows/s)",
                summary.endpoint(),
                summary.rows(),
                summary.model(),
                summary.version(),
                summary.out(),
                summary.seconds(),
                summary.rowsPerSecond());
    }
}
