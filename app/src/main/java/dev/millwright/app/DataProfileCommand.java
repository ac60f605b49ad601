package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Session;
import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.DataProfiler;
import dev.millwright.data.profile.ProfileRequest;
import dev.millwright.data.profile.ProfileRequest.Parting;
import dev.millwright.pipelines.CheckedPipeline;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.PipelineCheck;
import dev.millwright.pipelines.PipelineReader;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.pipelines.profile.ProfilePage;
import dev.millwright.pipelines.profile.ProfileSubject;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a page about a table, and says the gist of it. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description = {
            "Look at a table before training on it: distributions, what is missing, associations, repeated rows, the time"
                    + " that it covers, outliers, and columns that give the label away."
        },
        footer = {
            "",
            "Examples:",
            "  millwright data profile customers.csv --label churned",
            "  millwright data profile 'orders-*.parquet' --time ordered --entity customer --output orders.html",
            "  millwright data profile train.csv --test test.csv --label y    rows that both have",
            "  millwright data profile churn.yaml                             the rows that it trains on",
            "  millwright data profile churn.yaml --dataset customers         one of its datasets",
            "  millwright data profile customers@v3                           a version in the home"
        })
final class DataProfileCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(
            paramLabel = "DATA",
            description = "A file or glob (csv, tsv, jsonl, parquet), a pipeline file, or a dataset of the home.")
    private String subject = "";

    @Option(names = "--label", paramLabel = "COLUMN", description = "The column to predict: looks for leakage.")
    private @Nullable String label;

    @Option(names = "--time", paramLabel = "COLUMN", description = "When a row happened: a column of timestamps.")
    private @Nullable String time;

    @Option(names = "--entity", paramLabel = "COLUMN", description = "What a row is about, such as a customer.")
    private @Nullable String entity;

    @Option(
            names = "--test",
            paramLabel = "FILE",
            description = "Test rows with the same columns: counts those that DATA has, too.")
    private @Nullable String test;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Of a pipeline file, instead of the rows that it trains on.")
    private @Nullable String dataset;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "What $${NAME} in a pipeline file stands for.")
    private List<String> settings = List.of();

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Of samples and folds (default: 0).")
    private long seed;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where the page goes (default: NAME-profile.html in the current folder).")
    private @Nullable Path output;

    DataProfileCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        try (Scratch scratch = Scratch.make();
                DuckDb duck = new DuckDb(DuckDb.Settings.ofThisMachine(scratch.folder()))) {
            DataProfile profile;
            if (isPipelineFile()) {
                profile = ofPipeline(duck);
            } else if (isFile()) {
                refusePipelineOptions();
                try (Session session = duck.session()) {
                    profile = profile(duck, session, ProfileSubject.ofFiles(duck, session, subject));
                }
            } else {
                refusePipelineOptions();
                profile = ofHome();
            }
            report(profile);
        }
        return ExitCode.DONE.number();
    }

    private boolean isPipelineFile() {
        return subject.endsWith(".yaml") || subject.endsWith(".yml");
    }

    /** A name with a dot, a slash or a wildcard is no dataset's; one without may be a file all the same. */
    private boolean isFile() {
        try {
            return !subject.matches("[A-Za-z][A-Za-z0-9_-]*(@.*)?") || Files.exists(Path.of(subject));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    private void refusePipelineOptions() {
        if (dataset != null || !settings.isEmpty()) {
            throw new InvalidInputException((dataset != null ? "--dataset" : "--set") + ": " + subject
                    + " is no pipeline file (expected: one that ends in .yaml).");
        }
    }

    private DataProfile ofHome() {
        try (HomeDatasets datasets = HomeDatasets.open(options.home());
                Session session = datasets.duck().session()) {
            return profile(
                    datasets.duck(),
                    session,
                    ProfileSubject.ofVersion(session, datasets.store(), DatasetReference.parse(subject)));
        }
    }

    private DataProfile ofPipeline(DuckDb scratch) {
        RunRequest request = PipelineInput.read(Path.of(subject), settings);
        try (HomeDatasets datasets = datasets(request)) {
            DuckDb duck = datasets == null ? scratch : datasets.duck();
            Optional<DatasetStore> store = Optional.ofNullable(datasets).map(HomeDatasets::store);
            CheckedPipeline pipeline = PipelineReader.readAndCheck(
                    request.file(),
                    request.text(),
                    request.settings(),
                    file -> PipelineCheck.check(file, request.folder(), duck, store));
            try (Session session = duck.session()) {
                return profile(
                        duck,
                        session,
                        dataset == null
                                ? ProfileSubject.ofView(duck, session, pipeline, store)
                                : ProfileSubject.ofDataset(duck, session, pipeline, dataset, store));
            }
        }
    }

    /** The home's, for a file that may name one of its versions; null where it doesn't, or there is no home. */
    private @Nullable HomeDatasets datasets(RunRequest request) {
        boolean needed = request.text().contains(DatasetStore.SOURCE) && Registry.hasState(options.home());
        return needed ? HomeDatasets.open(options.home()) : null;
    }

    private DataProfile profile(DuckDb duck, Session session, ProfileSubject found) {
        ProfileRequest request = found.request().withSeed(seed);
        request = label == null ? request : request.withLabel(label);
        request = time == null ? request : request.withTime(time);
        request = entity == null ? request : request.withEntity(entity);
        request = test == null ? request : request.withParting(new Parting.BySource(found.test(duck, session, test)));
        if (test != null && request.label().isEmpty()) {
            throw new InvalidInputException(
                    "--test: says nothing without a label (expected: --label COLUMN beside it).");
        }
        return new DataProfiler(session, InstantSource.system()).profile(found.table(), request);
    }

    private void report(DataProfile profile) {
        Path file = output == null
                ? Path.of(profile.name().replaceAll("\\.[A-Za-z0-9.]*$", "").replaceAll("[^A-Za-z0-9@_-]+", "-")
                        + "-profile.html")
                : output;
        ReportFile.write(file, ProfilePage.html(profile));
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("file", file.toString(), "profile", profile)));
        } else {
            new ProfileSummary(terminal).print(profile);
            terminal.out().println();
            terminal.out().println("Wrote " + file + ".");
        }
    }
}
