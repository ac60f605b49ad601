package dev.millwright.pipelines;

import dev.millwright.core.Progress;
import dev.millwright.data.Header;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.scoring.Scoring;
import dev.millwright.pipelines.scoring.ScoringRequest;
import dev.millwright.pipelines.scoring.ScoringRequest.Finished;
import dev.millwright.pipelines.scoring.ScoringRequest.Unfinished;
import dev.millwright.pipelines.scoring.ScoringSummary;
import dev.millwright.pipelines.scoring.ScoringTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Customers to score, in {@code rows.csv} of a home for one test. Version 1 of their model serves; version 2 was trained otherwise and is
 * not deployed.
 */
final class ScoringBench implements AutoCloseable {
    static final int ROWS = 1000;
    static final int PART = 128;

    final Workbench home;
    private final Path folder;
    private final ExecutorService workers = Executors.newFixedThreadPool(2);

    ScoringBench(Path folder) {
        this.folder = folder;
        this.home = new Workbench(folder);
        home.writeCustomers(300, 1);
        home.run(Workbench.customers("[]"));
        home.run(Workbench.customers("[]")
                .replace("[logistic_regression]", "[logistic_regression: {c: 0.01}]")
                .replace("deploy: {endpoint: customers}", ""));
        home.write("rows.csv", rows());
    }

    static String rows() {
        Random random = new Random(5);
        StringBuilder rows = new StringBuilder("id,age,use,plan\n");
        for (int row = 0; row < ROWS; row++) {
            rows.append(String.format(
                    Locale.ROOT,
                    "c%d,%s,%s,%s%n",
                    row,
                    row % 11 == 0 ? "" : 18 + random.nextInt(60),
                    row % 7 == 0 ? "" : String.format(Locale.ROOT, "%.3f", random.nextDouble() * 10),
                    List.of("a", "b", "never seen", "").get(random.nextInt(4))));
        }
        return rows.toString();
    }

    /** From a file of the folder into another, in parts of {@link #PART} rows; goes on with what was begun, and replaces nothing. */
    ScoringRequest request(String in, String out) {
        return new ScoringRequest(
                "customers",
                Optional.empty(),
                SourceSpec.of("in", folder.resolve(in).toString()).withHeader(Header.PRESENT),
                ScoringTarget.of(folder + "/" + out),
                List.of(),
                "",
                Optional.of(PART),
                Finished.KEEP,
                Unfinished.GO_ON);
    }

    static ScoringRequest replacing(ScoringRequest request) {
        return with(request, request.endpoint(), request.version(), Finished.REPLACE, request.unfinished());
    }

    static ScoringRequest beginningAnew(ScoringRequest request) {
        return with(request, request.endpoint(), request.version(), request.finished(), Unfinished.DISCARD);
    }

    static ScoringRequest ofVersion(int version, ScoringRequest request) {
        return with(request, request.endpoint(), Optional.of(version), request.finished(), request.unfinished());
    }

    static ScoringRequest ofEndpoint(String endpoint, ScoringRequest request) {
        return with(request, endpoint, request.version(), request.finished(), request.unfinished());
    }

    private static ScoringRequest with(
            ScoringRequest request,
            String endpoint,
            Optional<Integer> version,
            Finished finished,
            Unfinished unfinished) {
        return new ScoringRequest(
                endpoint,
                version,
                request.source(),
                request.target(),
                request.keep(),
                request.prefix(),
                request.partRows(),
                finished,
                unfinished);
    }

    ScoringSummary score(ScoringRequest request) {
        return score(request, Progress.NONE);
    }

    ScoringSummary score(ScoringRequest request, Progress progress) {
        return new Scoring(home.registry, workers, 2, home.clock).run(request, progress);
    }

    List<String> lines(String name) {
        try {
            return Files.readAllLines(folder.resolve(name));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    @Override
    public void close() {
        workers.close();
        home.close();
    }
}
