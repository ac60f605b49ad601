package dev.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.CoreError;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.demo.CardTransactions;
import dev.millwright.demo.FraudData;
import dev.millwright.demo.Transaction;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.Metrics;
import dev.millwright.pipelines.EventDesk;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RolloutStatus;
import dev.millwright.serving.ModelRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Plays the world around the program: writes transactions to a file as days go by, sends the payments to the endpoint as
 * they happen, and says a day later which were frauds. All that follows, the program does by itself.
 */
final class DemoLoop {
    private static final String ENDPOINT = "fraud";
    private static final int TRAINED_DAYS = 40;
    private static final int CHANGE_DAY = 44;
    private static final int LAST_DAY = 4_000;
    private static final int BATCH = 20;
    private static final int JUDGED_DAYS = 6;
    private static final Duration DAY = Duration.ofMillis(300);
    /** Once the loop has closed, days go by more slowly: someone is looking at the pages. */
    private static final Duration LATER_DAY = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final OwnedHome home;
    private final Path data;
    private final long seed;
    private final Terminal terminal;
    private final InstantSource clock;
    private final DemoClient client;
    private final CardTransactions.Parameters parameters =
            CardTransactions.Parameters.defaults().withChangeDay(CHANGE_DAY).withDays(LAST_DAY);
    private final Iterator<Transaction> world;
    private Optional<Transaction> next;
    private final long begun = System.nanoTime();
    private int day;
    private long seen;
    private Optional<Integer> noticedOnDay = Optional.empty();

    DemoLoop(OwnedHome home, Path data, long seed, Terminal terminal, InstantSource clock) {
        this.home = home;
        this.data = data;
        this.seed = seed;
        this.terminal = terminal;
        this.clock = clock;
        this.client = new DemoClient(home.url());
        this.world = new CardTransactions(parameters, seed).iterator();
        this.next = Optional.of(world.next());
    }

    /** How good both versions are on payments of the new habits that neither was trained on. */
    record AveragePrecision(double before, double after) {}

    /**
     * What the loop came to.
     *
     * @param changeDay day of the simulated world on which fraud changed its habits
     * @param noticedOnDay day on which the first alert opened
     */
    record Summary(
            boolean promoted,
            int trainedVersion,
            Optional<Integer> promotedVersion,
            int changeDay,
            Optional<Integer> noticedOnDay,
            List<String> alerts,
            Optional<AveragePrecision> averagePrecisionOnNewBehaviour,
            long eventsServed,
            double seconds) {}

    /** Goes round the loop once. */
    Summary close() throws InterruptedException {
        Instant start = clock.instant();
        skipTo(TRAINED_DAYS);
        FraudData.write(file("history"), parameters.withDays(TRAINED_DAYS), seed);
        say("day " + day + ": " + TRAINED_DAYS + " days of payments lie in a file; the pipeline runs");
        int first = train();
        say("day " + day + ": version " + first + " serves; payments come in");
        while (day < CHANGE_DAY) {
            live();
        }
        say("day " + day + ": fraud changes its habits");
        Optional<Integer> promoted = Optional.empty();
        while (promoted.isEmpty() && Duration.between(start, clock.instant()).compareTo(PATIENCE) < 0) {
            live();
            promoted = promotedAfter(first);
        }
        Optional<AveragePrecision> judged =
                promoted.isPresent() ? Optional.of(judge(first, promoted.get())) : Optional.empty();
        return new Summary(
                promoted.isPresent(),
                first,
                promoted,
                CHANGE_DAY,
                noticedOnDay,
                home.registry().alerts().list(ENDPOINT, 20).stream()
                        .map(alert -> alert.kind() + ": " + alert.message())
                        .toList(),
                judged,
                client.sent(),
                Duration.between(start, clock.instant()).toMillis() / 1000.0);
    }

    /** Payments for as long as the process lives. */
    void goOn() throws InterruptedException {
        while (next.isPresent()) {
            live();
            Thread.sleep(LATER_DAY.toMillis());
        }
    }

    /** A file of transactions: the history, then one for each day. */
    private Path file(String name) {
        return data.resolve("fraud").resolve("transactions-" + name + ".csv");
    }

    private void skipTo(int until) {
        while (day < until) {
            today();
        }
    }

    private int train() throws InterruptedException {
        try (InputStream file = DemoLoop.class.getResourceAsStream("fraud.yaml")) {
            if (file == null) {
                throw new IllegalStateException("fraud.yaml is not part of this build");
            }
            RunRequest request = new RunRequest(
                    "fraud.yaml",
                    data.toAbsolutePath(),
                    new String(file.readAllBytes(), StandardCharsets.UTF_8),
                    Map.of("DATA", data.toAbsolutePath().toString()));
            Outcome outcome = home.desk()
                    .submit(request, new RunView(terminal, clock))
                    .outcome()
                    .get();
            if (outcome.failure().isPresent()) {
                throw outcome.failure().get();
            }
            return outcome.summary().model().orElseThrow().version();
        } catch (IOException unreadable) {
            throw new MillwrightException(CoreError.IO_FAILED, "fraud.yaml could not be read", unreadable);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the first run could not be followed", failed.getCause());
        }
    }

    /** The transactions of the day that begins, in order. */
    private List<Transaction> today() {
        Instant midnight = parameters.start().plus(Duration.ofDays(day + 1L));
        List<Transaction> transactions = new ArrayList<>();
        while (next.filter(each -> each.paidAt().isBefore(midnight)).isPresent()) {
            transactions.add(next.get());
            next = world.hasNext() ? Optional.of(world.next()) : Optional.empty();
        }
        day++;
        return transactions;
    }

    /** One day: payments as they happen, in the evening the file grows, and what was fraud becomes known. */
    private void live() throws InterruptedException {
        long begun = System.nanoTime();
        List<Transaction> transactions = today();
        Map<String, Transaction> answered = new LinkedHashMap<>();
        for (int from = 0; from < transactions.size(); from += BATCH) {
            List<Transaction> batch = transactions.subList(from, Math.min(from + BATCH, transactions.size()));
            JsonNode predictions = client.predict(ENDPOINT, batch);
            for (int i = 0; i < batch.size(); i++) {
                answered.put(predictions.get(i).path("prediction_id").asText(), batch.get(i));
            }
        }
        client.feedback(ENDPOINT, answered);
        FraudData.write(file(String.format(Locale.ROOT, "%05d", day)), transactions.iterator());
        watch();
        long left = DAY.toMillis() - (System.nanoTime() - begun) / 1_000_000;
        if (left > 0) {
            Thread.sleep(left);
        }
    }

    /** Tells what the record says happened since the last look. */
    private void watch() {
        home.registry().events().list(EventFilter.since(seen).limit(1_000)).forEach(event -> {
            seen = event.sequence();
            switch (event.type()) {
                case "alert.opened" -> {
                    noticedOnDay = noticedOnDay.or(() -> Optional.of(day));
                    say("day " + day + ": noticed: "
                            + event.data().getOrDefault("message", event.data().toString()));
                }
                case "trigger.fired" -> say("day " + day + ": the pipeline runs again, on data up to now");
                case "model_version.refused" ->
                    say("day " + day + ": refused: " + event.data().getOrDefault("reason", ""));
                case "endpoint.canary_started",
                        "endpoint.canary_advanced",
                        "endpoint.promoted",
                        "endpoint.rolled_back" ->
                    say("day " + day + ": " + event.type().replace('_', ' ').replace('.', ' ') + ": "
                            + event.data().getOrDefault("reason", ""));
                default -> {}
            }
        });
    }

    private Optional<Integer> promotedAfter(int first) {
        return home.registry()
                .endpoints()
                .find(ENDPOINT)
                .filter(endpoint -> endpoint.rollout().status() == RolloutStatus.STEADY)
                .map(endpoint -> endpoint.rollout().versions().getFirst().version())
                .filter(version -> version != first);
    }

    /** Scores both versions on the same payments of the days to come, as they happen. */
    private AveragePrecision judge(int before, int after) {
        ModelVersion old = home.registry().models().load(ENDPOINT, before);
        ModelVersion fresh = home.registry().models().load(ENDPOINT, after);
        MetricSpec metric = Metrics.find("average_precision").orElseThrow();
        List<Transaction> transactions = new ArrayList<>();
        for (int i = 0; i < JUDGED_DAYS; i++) {
            transactions.addAll(today());
        }
        Frame rows = home.events()
                .observe(
                        ENDPOINT,
                        EventDesk.Sent.of(
                                transactions.stream().map(DemoClient::event).toList()));
        Labels labels = new Labels.Classes(
                fresh.signature().classes(),
                transactions.stream()
                        .mapToInt(transaction -> transaction.isFraud() ? 1 : 0)
                        .toArray());
        try (ModelRuntime one = home.deployments().open(old);
                ModelRuntime other = home.deployments().open(fresh)) {
            return new AveragePrecision(
                    metric.compute(labels, one.predict(rows)), metric.compute(labels, other.predict(rows)));
        }
    }

    private void say(String what) {
        terminal.err().println(terminal.dim(String.format(Locale.ROOT, "%7.1f s  ", elapsed())) + what);
    }

    private double elapsed() {
        return (System.nanoTime() - begun) / 1e9;
    }
}
