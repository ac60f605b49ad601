package dev.millwright.pipelines.scoring;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Progress;
import dev.millwright.data.BatchReader;
import dev.millwright.data.BatchRequest;
import dev.millwright.data.DuckDb;
import dev.millwright.data.ScoredColumns;
import dev.millwright.data.ScoredFiles;
import dev.millwright.pipelines.Deployments;
import dev.millwright.registry.Registry;
import dev.millwright.serving.ModelRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * Predicts the rows of files with what serves an endpoint. The rows go through the very runtime that answers requests, part by
 * part; each part is durable when it is finished, and a later call goes on behind the last one. The registry is only read, so
 * it works beside whoever owns the home. Thread-safe.
 */
public final class Scoring {
    /** About so many values are in memory for each part under way. */
    private static final int VALUES_OF_A_PART = 1 << 21;

    private static final int MOST_ROWS = 1 << 17;
    private static final int FEWEST_ROWS = 1 << 12;

    /** For reading and putting together; beyond, the engine spills. */
    private static final long MEGABYTES = 1024;

    private final Registry registry;
    private final Executor workers;
    private final int cores;
    private final InstantSource clock;

    /**
     * Scores with the models of a registry.
     *
     * @param workers works on parts: as many at a time as there are {@code cores}
     */
    public Scoring(Registry registry, Executor workers, int cores, InstantSource clock) {
        this.registry = registry;
        this.workers = workers;
        this.cores = cores;
        this.clock = clock;
    }

    /** What is found out before any work starts. */
    private record Job(ScoringRequest request, ScoredVersion scored, List<Path> files, ScoringManifest manifest) {
        Path out() {
            return request.target().path();
        }

        ScoredColumns columns() {
            return new ScoredColumns(
                    request.prefix(),
                    scored.version().signature(),
                    scored.version().id());
        }

        BatchRequest batches() {
            return new BatchRequest(
                    request.source(), scored.version().signature().inputs(), request.keep(), manifest.partRows());
        }
    }

    /**
     * Scores rows into an output, which is there whole or not at all.
     *
     * @throws InvalidInputException when the request can't be met, naming file, row and column where one is to blame: then its
     *     parts are gone; or when parts of another request are in the way
     * @throws dev.millwright.core.MillwrightException when something fails that may work another time: what was finished stays
     */
    public ScoringSummary run(ScoringRequest request, Progress progress) {
        Instant started = clock.instant();
        OutputPlace place = new OutputPlace(request.target());
        place.requireFree(request.finished());
        Job job = prepare(request);
        place.requireApart(request.source().from(), job.files());
        try (PartsFolder folder = PartsFolder.hold(job.out())) {
            try {
                enter(folder, job);
                PartLoop.Outcome outcome = run(folder, job, place, progress);
                folder.remove();
                return summary(job, outcome, Duration.between(started, clock.instant()));
            } finally {
                folder.removeUnlessUsed();
            }
        }
    }

    private Job prepare(ScoringRequest request) {
        ScoredVersion scored = ScoredVersion.choose(registry, request);
        List<Path> files = BatchReader.files(request.source());
        int inputs = scored.version().signature().inputs().size();
        int fitting = Math.clamp(Integer.highestOneBit(VALUES_OF_A_PART / inputs), FEWEST_ROWS, MOST_ROWS);
        return new Job(
                request,
                scored,
                files,
                ScoringManifest.of(request, scored, files, request.partRows().orElse(fitting)));
    }

    private static void enter(PartsFolder folder, Job job) {
        Optional<ScoringManifest> before = folder.manifest();
        if (before.isEmpty() || !folder.hasParts() || job.request().unfinished() == ScoringRequest.Unfinished.DISCARD) {
            folder.begin(job.manifest());
            return;
        }
        List<String> differences = before.get().differences(job.manifest());
        if (!differences.isEmpty()) {
            throw new InvalidInputException("--out: " + job.out()
                    + " was begun, and its parts don't go together with further ones: " + String.join("; ", differences)
                    + " (expected: what it was begun with). Start anew with --restart, or choose another name.");
        }
        folder.goOn();
    }

    private PartLoop.Outcome run(PartsFolder folder, Job job, OutputPlace place, Progress progress) {
        try (DuckDb duck = new DuckDb(new DuckDb.Settings(MEGABYTES, cores, folder.temporary()))) {
            PartLoop.Outcome outcome = score(duck, folder, job, progress);
            String what = "parts put together";
            progress.report(what, 0, outcome.parts());
            List<Path> parts =
                    IntStream.range(0, outcome.parts()).mapToObj(folder::part).toList();
            place.fill(
                    new ScoredFiles(
                            duck,
                            job.request().source(),
                            BatchReader.format(job.request().source()),
                            job.columns(),
                            parts),
                    folder);
            progress.report(what, outcome.parts(), outcome.parts());
            return outcome;
        } catch (InvalidInputException unfit) {
            folder.remove(); // once the input or the request is mended, these parts don't go together with others
            throw explained(unfit, job.scored());
        }
    }

    private PartLoop.Outcome score(DuckDb duck, PartsFolder folder, Job job, Progress progress) {
        try (BatchReader reader = BatchReader.open(duck, job.batches());
                ModelRuntime runtime = Deployments.open(registry, job.scored().version());
                PartWorkers parts = new PartWorkers(workers, cores + 1)) {
            PartLoop loop = new PartLoop(reader, folder, runtime, job.columns(), progress, rowsOf(job));
            PartLoop.Outcome outcome;
            try {
                outcome = loop.run(parts);
            } catch (RuntimeException atALaterRow) {
                parts.finish();
                throw atALaterRow;
            }
            parts.finish();
            if (outcome.rows() == 0) {
                throw new InvalidInputException(
                        "--in: " + job.request().source().from() + " holds no rows (expected: at least one)");
            }
            return outcome;
        }
    }

    private static String rowsOf(Job job) {
        return "rows of "
                + (job.files().size() == 1
                        ? job.files().getFirst().getFileName()
                        : job.files().size() + " files");
    }

    /** Says beside which columns are missing where they come from: those of a view are easily taken for its sources'. */
    private static InvalidInputException explained(InvalidInputException unfit, ScoredVersion scored) {
        List<Problem> problems = new ArrayList<>(unfit.problems());
        if (problems.stream().anyMatch(BatchReader::isMissingColumn)) {
            scored.view()
                    .ifPresent(view ->
                            problems.add(Problem.of(scored.version().id() + " takes feature rows: " + view + ".")));
        }
        return new InvalidInputException(problems);
    }

    private static ScoringSummary summary(Job job, PartLoop.Outcome outcome, Duration took) {
        double seconds = took.toNanos() / 1e9;
        return new ScoringSummary(
                job.request().endpoint(),
                job.scored().version().model(),
                job.scored().version().version(),
                job.out().toString(),
                outcome.rows(),
                outcome.parts(),
                outcome.reused(),
                seconds,
                seconds > 0 ? outcome.scored() / seconds : 0);
    }
}
