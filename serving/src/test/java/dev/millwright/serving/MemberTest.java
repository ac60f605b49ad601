package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.graph.Average;
import dev.millwright.serving.graph.GraphRuntime;
import dev.millwright.serving.graph.ModelNode;
import dev.millwright.serving.graph.TensorChain;
import dev.millwright.serving.graph.TensorNode;
import dev.millwright.serving.graph.Together;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.Tensor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Graphs ask models that the router lends them. */
class MemberTest {
    private static final long SIZE = 1 << 20;

    /** A model that is counted when it is loaded. */
    private static final class Stored extends StoredModel {
        private final AtomicInteger loads = new AtomicInteger();
        private boolean broken;

        Stored(String name) {
            super(name, SIZE, () -> StepRuntime.free(0.5f));
        }

        @Override
        public LoadedModel load() {
            loads.incrementAndGet();
            if (broken) {
                throw new MillwrightException(ServingError.MODEL_UNFIT, "model: broken");
            }
            return super.load();
        }
    }

    /** The average of two models of a router. */
    private record Graph(Router router, Stored a, Stored b) implements ModelSource {
        @Override
        public String name() {
            return "graph/1";
        }

        @Override
        public Optional<FeatureTensors> features() {
            return Optional.of(new FeatureTensors(Models.BINARY));
        }

        @Override
        public boolean asksOthers() {
            return true;
        }

        @Override
        public LoadedModel load() {
            Member first = router.members().refer(a);
            Member second = router.members().refer(b);
            GraphRuntime graph = new GraphRuntime(
                    Average.of(
                            List.of(new ModelNode(Models.BINARY, first), new ModelNode(Models.BINARY, second)),
                            List.of(),
                            0.5,
                            new Together(Runnable::run)),
                    List.of(first, second));
            try {
                List.of(first, second).forEach(Member::load);
                return graph;
            } catch (MillwrightException failed) {
                graph.close();
                throw failed;
            }
        }
    }

    private final Stored a = new Stored("a/1");
    private final Stored b = new Stored("b/1");

    private static Router router(long memory) {
        return new Router(
                RouterOptions.forCores(1, 1).withLoading(new LoadOptions(memory, 100, Duration.ZERO)),
                PredictionSink.NONE,
                () -> Instant.EPOCH,
                System::nanoTime,
                Runnable::run);
    }

    private static void install(Router router, String endpoint, ModelSource source) {
        router.install(endpoint, Route.of(endpoint, new WeightedVersion(endpoint, 1, 1, source)));
    }

    private static void ask(Router router, String endpoint) {
        router.infer(endpoint, Optional.empty(), Optional.empty(), Models.row(1, 2, "x"));
    }

    @Test
    void loadsAModelOnce_whoeverAsksIt() {
        Router router = router(Long.MAX_VALUE);
        install(router, "a", a);
        install(router, "one", new Graph(router, a, b));
        install(router, "two", new Graph(router, a, b));
        ask(router, "one");
        ask(router, "two");
        ask(router, "a");
        assertThat(a.loads).hasValue(1);
        assertThat(b.loads).hasValue(1);
        assertThat(router.findExecutions("a", 1).orElseThrow().executions()).isEqualTo(3);
        router.uninstall("one");
        router.uninstall("two");
        assertThat(router.metrics().pool().loaded()).isEqualTo(1);
        router.close();
        assertThat(router.metrics().pool().loaded()).isZero();
    }

    @Test
    void freesAMemberThatIsNotAsked_andLoadsItAgain() {
        Router router = router(2 * SIZE);
        install(router, "graph", new Graph(router, a, b));
        install(router, "c", new Stored("c/1"));
        ask(router, "graph");
        ask(router, "c");
        // More when what is measured of the process grew for other reasons while it was loaded.
        assertThat(router.metrics().pool().evictions()).isPositive();
        assertThat(router.isLoaded("graph", 1))
                .as("the graph itself takes no room")
                .isTrue();
        ask(router, "graph");
        assertThat(a.loads.get() + b.loads.get()).isGreaterThan(2);
    }

    @Test
    void namesTheMember_thatCannotBeLoaded() {
        Router router = router(Long.MAX_VALUE);
        b.broken = true;
        Graph graph = new Graph(router, a, b);
        assertThatThrownBy(() -> router.lease(graph)).hasMessage("b/1: model: broken");
        assertThat(router.metrics().pool().loaded()).as("what was lent").isZero();
    }

    @Test
    void neverAsksOnAThreadThatMayNotWait() {
        Router router = router(Long.MAX_VALUE);
        install(router, "graph", new Graph(router, a, b));
        ask(router, "graph");
        assertThat(router.rowNanos("graph")).isEqualTo(Long.MAX_VALUE);
        CallTarget hurried =
                new CallTarget("graph", Optional.empty(), Optional.empty(), Deadline.NONE, new Round(Runnable::run));
        assertThatThrownBy(() -> router.ask(new InferenceCall(hurried, Models.row(1, 2, "x"))))
                .isInstanceOf(WouldWaitException.class);
    }

    /** A graph that asks one member. */
    private static GraphRuntime graph(ModelRuntime model, Member member) {
        return new GraphRuntime(
                Average.of(
                        List.of(new ModelNode(model.signature(), member)), List.of(), 0.5, new Together(Runnable::run)),
                List.of(member));
    }

    @Test
    void tellsMembersOfRows_theDeadline() {
        Router router = router(Long.MAX_VALUE);
        ColumnSum model = new ColumnSum("a");
        Member member = router.members().refer(ModelSource.of(model));
        install(router, "graph", ModelSource.of(graph(model, member)));
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        CallTarget target = new CallTarget("graph", Optional.empty(), Optional.empty(), deadline, Patience.WAITS);
        Frame row = new Frame(1, List.of(new FeatureColumn.Numeric("a", new float[] {1})));
        assertThat(router.infer(new InferenceCall(target, row)).predictions().rows())
                .isEqualTo(1);
        assertThat(model.deadline).isEqualTo(deadline);
    }

    @Test
    @Timeout(60)
    void waitsForABusyMember_noLongerThanTheDeadline() throws InterruptedException {
        Router router = router(Long.MAX_VALUE);
        StepRuntime busy = new StepRuntime(0.5f, 0);
        ModelSource source = ModelSource.of(busy);
        install(router, "busy", source);
        install(router, "graph", ModelSource.of(graph(busy, router.members().refer(source))));
        Thread other = Thread.ofVirtual().start(() -> ask(router, "busy"));
        busy.started.acquire();
        CallTarget hurried = new CallTarget(
                "graph", Optional.empty(), Optional.empty(), Deadline.in(Duration.ofMillis(50)), Patience.WAITS);
        assertThatThrownBy(() -> router.infer(new InferenceCall(hurried, Models.row(1, 2, "x"))))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        late -> assertThat(late.code()).isEqualTo(ServingError.DEADLINE_PASSED));
        busy.permits.release(10);
        other.join();
        assertThat(busy.batches).as("what was late is not run").containsExactly(1);
    }

    @Test
    void tellsAStepElsewhere_theDeadlineAndTheServersBefore() {
        Router router = router(Long.MAX_VALUE);
        Elsewhere elsewhere = new Elsewhere(OptionalInt.of(3));
        Member member = router.members().refer(ModelSource.of(elsewhere));
        TensorNode step = new TensorNode.OfTensors(member, member.tensors());
        TensorChain chain = TensorChain.of(
                List.of(new TensorChain.Step(step, Map.of()), new TensorChain.Step(step, Map.of())), List.of(member));
        assertThat(chain.callsElsewhere()).hasValue(3);
        install(router, "chain", ModelSource.of(chain));
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        CallTarget target = new CallTarget("chain", Optional.empty(), Optional.empty(), deadline, Patience.WAITS);
        List<Tensor> sent = List.of(Tensor.of("x", new float[] {1}, 1));
        assertThat(Hops.after(2, () -> router.infer(new TensorCall(target, sent)))
                        .outputs())
                .hasSize(1);
        assertThat(elsewhere.deadline).isEqualTo(deadline);
        assertThat(elsewhere.hops).isEqualTo(2);
    }
}
