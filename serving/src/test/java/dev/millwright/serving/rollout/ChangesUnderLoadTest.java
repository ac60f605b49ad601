package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.Models;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.StepRuntime;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.RoutingRule;
import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Versions change a hundred times while clients ask. Every answer is counted, and each must be the one that the version named in it
 * gives, and of a version that was in a route which stood at some moment between the request's begin and its end.
 */
@Timeout(60)
class ChangesUnderLoadTest {
    private static final int CHANGES = 100;
    private static final int CLIENTS = 4;
    private static final int KINDS = 9;
    private static final Duration STAGE = Duration.ofMinutes(1);

    private final AtomicLong clock = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Installed> history = new ArrayList<>();

    /**
     * Versions that requests could reach.
     *
     * @param from the earliest moment at which the route may have stood, by the clock that never stands
     * @param to the latest; {@link Long#MAX_VALUE} for the one that stands
     */
    private record Installed(Set<Integer> versions, long from, long to) {
        boolean stoodBetween(long begin, long end) {
            return from <= end && to >= begin;
        }
    }

    /** An answer, and between which moments it was waited for. */
    private record Answer(int version, float said, long begin, long end) {}

    /** What only that version says. */
    private static float probability(int version) {
        return version / 1000f;
    }

    private static WeightedVersion version(int number) {
        return new WeightedVersion("m", number, 1, StepRuntime.free(probability(number)));
    }

    /** Changes the route; requests may meet the new one from before {@code change} returns, and the old one until then. */
    private void change(Router router, Runnable change) {
        long before = clock.incrementAndGet();
        change.run();
        long after = clock.incrementAndGet();
        if (!history.isEmpty()) {
            Installed old = history.removeLast();
            history.add(new Installed(old.versions(), old.from(), after));
        }
        Route route = router.find("churn").orElseThrow();
        Set<Integer> versions = Stream.concat(
                        route.versions().stream()
                                .filter(version -> version.weight() > 0)
                                .map(WeightedVersion::version),
                        route.assignment().rules().stream().map(RoutingRule::version))
                .collect(Collectors.toSet());
        history.add(new Installed(versions, before, Long.MAX_VALUE));
    }

    private List<Answer> ask(Router router, int client) {
        List<Answer> answers = new ArrayList<>();
        while (!stop.get()) {
            asked.incrementAndGet();
            long begin = clock.incrementAndGet();
            InferenceResult result =
                    router.infer("churn", Optional.empty(), Optional.of(client + "-" + begin), row(begin));
            float said = ((Predictions.Classes) result.predictions()).probability(0, 1);
            answers.add(new Answer(result.modelVersion(), said, begin, clock.incrementAndGet()));
        }
        return answers;
    }

    private static Frame row(long number) {
        return Models.row(1, 2, number % 2 == 0 ? "Bonn" : "Rome");
    }

    /**
     * A canary that is stopped, one that goes on to its end, a blue/green, an A/B test that is promoted and then rolled back, a canary
     * out of which is rolled back, one that gives way, a shadow that becomes a canary, a bandit whose shares move with its rewards, and
     * a rollout by condition, each in turn.
     */
    private void roll(Router router, RolloutController controller, int number) {
        int champion = serving(router);
        Strategy strategy = switch (number % KINDS) {
            case 2 -> new BlueGreen(Duration.ZERO, STAGE);
            case 3 -> new AbTest(0.5, StickyKey.CLIENT_ID, Optional.empty());
            case 6 -> new Shadow(STAGE, 1, 1, new Shadow.Then.Continue(new Canary(List.of(0.5, 1.0), STAGE)));
            case 7 -> new Bandit(0.1, STAGE, Optional.empty(), List.of());
            case 8 ->
                new Conditions(List.of(new Conditions.Rule(RequestCondition.parse("city = 'Bonn'"), Optional.empty())));
            default -> new Canary(List.of(0.5, 1.0), STAGE);
        };
        RolloutPlan plan = RolloutPlan.of(strategy, List.of(RollBackRule.parse("error_rate > 1%")));
        change(router, () -> controller.start("churn", plan, version(number), List.of()));
        awaitAnswers();
        switch (number % KINDS) {
            case 0 -> change(router, () -> controller.stop("churn", "by hand"));
            case 1 -> {
                change(router, () -> controller.tick(now.plus(STAGE.multipliedBy(10))));
                awaitAnswers();
                now = now.plus(STAGE.multipliedBy(10));
                change(router, () -> controller.tick(now.plus(STAGE.multipliedBy(10))));
            }
            case 2 -> change(router, () -> controller.tick(now.plus(STAGE)));
            case 3 -> {
                change(router, () -> controller.promote("churn", "by hand"));
                awaitAnswers();
                assertThat(serving(router)).isEqualTo(number);
                change(router, () -> controller.rollBack("churn", version(champion), "worse after all"));
                assertThat(serving(router)).isEqualTo(champion);
            }
            case 4 -> change(router, () -> controller.rollBack("churn", version(champion), "worse"));
            case 6 -> {
                awaitComparison(controller);
                now = now.plus(STAGE);
                change(router, () -> controller.tick(now));
                assertThat(controller.find("churn").orElseThrow().stage()).isEqualTo(1);
                awaitAnswers();
                change(router, () -> controller.stop("churn", "by hand"));
            }
            case 7 -> {
                now = now.plus(STAGE);
                rewarded = number;
                change(router, () -> controller.tick(now));
                assertThat(controller.find("churn").orElseThrow().weights().get(number))
                        .isGreaterThan(0.8);
                awaitAnswers();
                change(router, () -> controller.promote("churn", "by hand"));
            }
            case 8 -> change(router, () -> controller.promote("churn", "by hand"));
            default ->
                change(
                        router,
                        () -> assertThat(controller.tryRollBack("churn", "superseded"))
                                .isTrue());
        }
        assertThat(controller.active()).isEmpty();
        awaitAnswers();
    }

    private static int serving(Router router) {
        return router.find("churn").orElseThrow().versions().getFirst().version();
    }

    /** Until the shadow has answered something that could be compared. */
    private static void awaitComparison(RolloutController controller) {
        RolloutFigures figures;
        do {
            Thread.onSpinWait();
            figures = controller.load("churn", (_, found) -> found);
        } while (figures.disagreement().isEmpty()
                || figures.versions().getFirst().requests() == 0);
    }

    /** A page of labels, all right, for the version that is to be rewarded. */
    private OutcomeSource.Page labels(String endpoint, Instant since, String after) {
        String end = Integer.toString(rewarded);
        if (rewarded == 0 || after.equals(end)) {
            return new OutcomeSource.Page(List.of(), end, 0);
        }
        int rows = 20;
        List<String> classes = List.of("no", "yes");
        float[] sure = new float[2 * rows];
        IntStream.range(0, rows).forEach(row -> sure[2 * row] = 1);
        return new OutcomeSource.Page(
                List.of(new OutcomeSource.Outcomes(
                        rewarded,
                        PredictionEvent.Role.SERVED,
                        IntStream.range(0, rows)
                                .mapToObj(row -> end + "-" + row)
                                .toList(),
                        new Predictions.Classes(classes, sure, new int[rows]),
                        new Labels.Classes(classes, new int[rows]))),
                end,
                rows);
    }

    /** Whose labels have come. */
    private int rewarded;

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private void awaitAnswers() {
        long enough = asked.get() + 20;
        while (asked.get() < enough) {
            Thread.onSpinWait();
        }
    }

    @Test
    void losesNoAnswer_andGivesNoneOfAVersionThatWasNotLetIn() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
        try (clients;
                background;
                Router router = new Router(
                        RouterOptions.forCores(2, 1), PredictionSink.NONE, () -> now, System::nanoTime, background)) {
            RolloutController controller = new RolloutController(router, _ -> {}, this::labels, () -> now);
            change(router, () -> router.install("churn", Route.of("churn", version(1))));
            CountDownLatch ready = new CountDownLatch(CLIENTS);
            List<Future<List<Answer>>> working = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                Callable<List<Answer>> work = () -> {
                    ready.countDown();
                    return ask(router, number);
                };
                working.add(clients.submit(work));
            }
            ready.await();
            for (int number = 2; history.size() <= CHANGES; number++) {
                roll(router, controller, number);
            }
            stop.set(true);
            List<Answer> answers = new ArrayList<>();
            for (Future<List<Answer>> client : working) {
                answers.addAll(client.get());
            }

            assertThat(history).hasSizeGreaterThan(CHANGES);
            assertThat(answers).hasSize(Math.toIntExact(asked.get()));
            assertThat(answers).allMatch(this::wasLetIn);
            assertThat(answers).allMatch(answer -> answer.said() == probability(answer.version()));
            assertThat(answers.stream().map(Answer::version).distinct().count()).isGreaterThan(25);
        }
    }

    private boolean wasLetIn(Answer answer) {
        return history.stream()
                .anyMatch(installed -> installed.stoodBetween(answer.begin(), answer.end())
                        && installed.versions().contains(answer.version()));
    }
}
