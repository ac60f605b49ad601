package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.Models;
import dev.millwright.serving.Patience;
import dev.millwright.serving.PredictionEvent.Role;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.StepRuntime;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.rollout.OutcomeSource.Outcomes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A rollout of version 9 on an endpoint where version 1 serves, for one test: time and labels come when the test says so, and a restart
 * leaves a new router and controller that know only the state.
 */
final class Rehearsal {
    static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String ENDPOINT = "churn";

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<RolloutDecision> decisions = new ArrayList<>();
    private final List<Outcomes> labels = new ArrayList<>();
    private Router router = router();
    private RolloutController controller = controller();

    Rehearsal() {
        router.install(ENDPOINT, Route.of(ENDPOINT, version(1)));
    }

    private Router router() {
        return new Router(RouterOptions.forCores(1, 3), PredictionSink.NONE, () -> now, () -> 0, Runnable::run);
    }

    private RolloutController controller() {
        return new RolloutController(router, decisions::add, this::labels, () -> now);
    }

    private static WeightedVersion version(int number) {
        return new WeightedVersion("m", number, 1, StepRuntime.free(number / 10f));
    }

    /** A plan with rules as they stand in a pipeline file. */
    static RolloutPlan plan(Strategy strategy, String... rules) {
        return RolloutPlan.of(
                strategy, List.of(rules).stream().map(RollBackRule::parse).toList());
    }

    /** Begins to roll version 9 out. */
    void start(RolloutPlan plan, Integer... others) {
        controller.start(
                ENDPOINT,
                plan,
                version(9),
                List.of(others).stream().map(Rehearsal::version).toList());
    }

    void keepReady() {
        controller.keepReady();
    }

    void restart() {
        RolloutState state = state();
        router = router();
        controller = controller();
        controller.restore(
                state, state.versions().stream().map(Rehearsal::version).toList());
        assertThat(controller.find(ENDPOINT)).contains(state);
    }

    void pass(Duration duration) {
        now = now.plus(duration);
        controller.tick(now);
    }

    void pause() {
        controller.pause(ENDPOINT, "lunch");
    }

    void resume() {
        controller.resume(ENDPOINT, "coffee");
    }

    void promote() {
        controller.promote(ENDPOINT, "by ana");
    }

    /** Labels of a version's predictions, so many of which were right. */
    void label(int version, int right, int wrong) {
        int rows = right + wrong;
        int[] said = new int[rows];
        int[] came = IntStream.range(0, rows).map(row -> row < right ? 0 : 1).toArray();
        float[] sure = new float[rows * 2];
        for (int row = 0; row < rows; row++) {
            sure[2 * row] = 1;
        }
        List<String> classes = List.of("no", "yes");
        labels.add(new Outcomes(
                version,
                Role.SERVED,
                IntStream.range(0, rows)
                        .mapToObj(row -> labels.size() + "-" + row)
                        .toList(),
                new Predictions.Classes(classes, sure, said),
                new Labels.Classes(classes, came)));
    }

    /** One page after the other, a page being what one call of {@link #label} gave. */
    private OutcomeSource.Page labels(String endpoint, Instant since, String after) {
        int next = after.isEmpty() ? 0 : Integer.parseInt(after);
        return next == labels.size()
                ? new OutcomeSource.Page(List.of(), after, 0)
                : new OutcomeSource.Page(List.of(labels.get(next)), Integer.toString(next + 1), 1);
    }

    /** The version that answers about a customer in a city; of {@code bad} every version fails. */
    int askFrom(String city) {
        return ask(Map.of(), city);
    }

    /** The same of a request with headers. */
    int ask(Map<String, String> headers, String city) {
        return ask(Optional.empty(), Optional.empty(), headers, city);
    }

    /** The same of a request that insists on a version. */
    int askFor(int version, String city) {
        return ask(Optional.of(Integer.toString(version)), Optional.empty(), Map.of(), city);
    }

    private int ask(Optional<String> version, Optional<String> client, Map<String, String> headers, String city) {
        CallTarget target = new CallTarget(ENDPOINT, version, client, Deadline.NONE, Patience.WAITS, headers::get);
        return router.infer(new InferenceCall(target, Models.row(1, 2, city))).modelVersion();
    }

    /** How many of a thousand clients each version answers. */
    Map<Integer, Integer> answers() {
        Map<Integer, Integer> answers = new TreeMap<>();
        IntStream.range(0, 1000)
                .mapToObj(client -> Optional.of("client-" + client))
                .forEach(client -> answers.merge(ask(Optional.empty(), client, Map.of(), "x"), 1, Integer::sum));
        return answers;
    }

    /** What was decided, in order. */
    List<RolloutDecision> decisions() {
        return decisions;
    }

    RolloutDecision last() {
        return decisions.getLast();
    }

    /** The rollout under way. */
    RolloutState state() {
        return find().orElseThrow();
    }

    /** The same; empty when it is over. */
    Optional<RolloutState> find() {
        return controller.find(ENDPOINT);
    }
}
