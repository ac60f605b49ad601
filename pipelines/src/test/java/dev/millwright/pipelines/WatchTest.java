package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.millwright.core.Event;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.MonitorEngine;
import dev.millwright.registry.Alert;
import dev.millwright.registry.EventFilter;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.PredictionEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
    private static final Duration COOLDOWN = Duration.ofMinutes(5);
    private static final String PIPELINE = Workbench.customers("[roc_auc >= 0.6]") + """
            monitor:
              drift: {window: 300 predictions, threshold: psi > 0.2}
              on_breach: retrain
              cooldown: 5m
            """;

    @TempDir
    private Path folder;

    private Workbench home;
    private final Later worker = new Later();
    private Watch watch;
    private MonitorEngine engine;

    /** Does nothing before it is told to. */
    private static final class Later extends AbstractExecutorService {
        private final Deque<Runnable> waiting = new ArrayDeque<>();

        @Override
        public void execute(Runnable work) {
            waiting.add(work);
        }

        void doAll() {
            while (!waiting.isEmpty()) {
                waiting.remove().run();
            }
        }

        @Override
        public void shutdown() {
            waiting.clear();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.writeCustomers(800, 1);
        assertThat(home.run(PIPELINE).failure()).isEmpty();
        watch = newWatch();
        engine = new MonitorEngine((endpoint, from, to) -> List.of(), List.of(event -> watch.accept(event)));
        watch.follow(engine);
    }

    private Watch newWatch() {
        return new Watch(
                home.registry,
                new RunDesk(home.runs, worker),
                (endpoint, from, to) -> List.of(),
                home.clock,
                Thread.ofVirtual().factory());
    }

    @AfterEach
    void close() {
        watch.close();
        home.close();
    }

    /** 300 predictions for customers of that age, then a look at them. */
    private void predict(int version, int youngest, int oldest) {
        Random random = new Random(9);
        float[] ages = new float[300];
        float[] uses = new float[300];
        String[] plans = new String[300];
        for (int row = 0; row < ages.length; row++) {
            ages[row] = youngest + random.nextInt(oldest - youngest);
            uses[row] = random.nextFloat() * 10;
            plans[row] = random.nextBoolean() ? "a" : "b";
        }
        Frame rows = new Frame(
                300,
                List.of(
                        new FeatureColumn.Numeric("age", ages),
                        new FeatureColumn.Numeric("use", uses),
                        new FeatureColumn.Text("plan", plans)));
        Predictions predictions;
        try (ModelRuntime model = home.deployments().open(home.version(version))) {
            predictions = model.predict(rows);
        }
        engine.observe(new PredictionEvent(
                "p",
                home.clock.instant(),
                "customers",
                "customers",
                version,
                PredictionEvent.Role.SERVED,
                Optional.empty(),
                new PredictionEvent.Rows(List.of(), rows, predictions),
                1000));
        look(Duration.ofSeconds(10));
    }

    private void look(Duration after) {
        home.clock.advance(after);
        engine.tick(home.clock.instant());
        watch.follow(engine);
    }

    private List<Event> triggers() {
        return home.registry.events().list(EventFilter.since(0).limit(1000)).stream()
                .filter(event -> event.type().startsWith("trigger."))
                .toList();
    }

    private List<String> triggerTypes() {
        return triggers().stream().map(Event::type).toList();
    }

    @Test
    void recordsAnAlert_andRetrainsOnce() {
        predict(1, 18, 78);
        assertThat(home.registry.alerts().listOpen()).isEmpty();

        predict(1, 70, 78);
        predict(1, 70, 78);

        assertThat(home.registry.alerts().listOpen()).singleElement().satisfies(alert -> {
            assertThat(alert.endpoint()).isEqualTo("customers");
            assertThat(alert.kind()).isEqualTo("drift");
        });
        assertThat(triggerTypes()).containsExactly("trigger.fired");
    }

    @Test
    void callsTheWebhookOfThePipeline_whenAnAlertOpens() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/alerts", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        try {
            String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/alerts";
            home.clock.advance(Duration.ofMinutes(1));
            // Nothing is trained anew, but from now on the version is watched as the file says today.
            assertThat(home.run(PIPELINE + "  webhook: " + url + "\n").failure())
                    .isEmpty();
            watch.follow(engine);

            predict(1, 70, 78);

            assertThat(received.poll(30, TimeUnit.SECONDS)).contains("\"endpoint\":\"customers\"", "drift");
        } finally {
            receiver.stop(0);
        }
    }

    private void breachThatPasses() {
        predict(1, 70, 78);
        worker.doAll();
        predict(1, 18, 78);
        predict(1, 18, 78);
        predict(1, 18, 78);
        home.clock.advance(COOLDOWN);
    }

    @Test
    void doesNotRetrainAgainSoon_whenABreachComesBackAfterARetrainingThatChangedNothing() {
        breachThatPasses();
        breachThatPasses();
        breachThatPasses();

        assertThat(triggerTypes()).containsExactly("trigger.fired", "trigger.fired", "trigger.skipped");
    }

    @Test
    void closesTheAlert_whenTheWorldIsAsItWas() {
        predict(1, 70, 78);
        worker.doAll();

        predict(1, 18, 78);
        predict(1, 18, 78);
        predict(1, 18, 78);

        assertThat(home.registry.alerts().list("customers", 10)).isNotEmpty().noneMatch(Alert::isOpen);
    }

    @Test
    void triesAgainAfterThePause_andThenAfterTwiceThePause() {
        predict(1, 70, 78);
        worker.doAll();
        look(COOLDOWN.minusSeconds(30));
        assertThat(triggerTypes()).hasSize(1);

        look(Duration.ofSeconds(30));
        assertThat(triggerTypes()).hasSize(2);
        worker.doAll();

        look(COOLDOWN.plusSeconds(30));
        assertThat(triggerTypes()).hasSize(2);
        look(COOLDOWN);
        assertThat(triggerTypes()).hasSize(3).containsOnly("trigger.fired");
        worker.doAll();
    }

    @Test
    void waitsForARetrainingThatIsUnderWay() {
        predict(1, 70, 78);

        look(COOLDOWN.multipliedBy(3));

        assertThat(triggerTypes()).containsExactly("trigger.fired");
    }

    @Test
    void saysWhyARetrainingCouldNotStart() {
        home.write("customers.csv", "id,age\n1,2\n");

        predict(1, 70, 78);

        assertThat(triggers()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("trigger.failed");
            assertThat(event.data().get("reason")).contains("use");
        });
    }

    @Test
    void closesTheAlertsOfTheVersionBefore_onceANewOneServes() {
        predict(1, 70, 78);
        home.writeCustomers(900, 2);
        worker.doAll();
        for (int stage = 0; stage < 3; stage++) {
            home.clock.advance(Duration.ofDays(1));
            home.deployments().rollouts().tick(home.clock.instant());
        }

        watch.follow(engine);

        assertThat(home.registry.alerts().list("customers", 10)).singleElement().satisfies(alert -> {
            assertThat(alert.isOpen()).isFalse();
            assertThat(alert.closeReason()).contains("version 2 took over");
        });
    }
}
