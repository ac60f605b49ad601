package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.VersionStatistics.Outcome;
import dev.millwright.web.access.AccessOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nobody is asked any more for a request whose time at the server is over. */
final class RequestTimeoutTest {
    private static final WebOptions HURRIED =
            new WebOptions(AccessOptions.loopback(), 0, SmallHome.TOKEN, "0.1.0", 1 << 20, Duration.ofSeconds(3));

    /** Answers once it is let go. */
    private static final class Held implements ModelRuntime {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);
        private final AtomicInteger rows = new AtomicInteger();

        @Override
        public ModelSignature signature() {
            return new ModelSignature(Task.REGRESSION, List.of(new Input("a", InputType.NUMBER)), List.of(), 0);
        }

        @Override
        public Predictions predict(Frame asking) {
            asked.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted before it was let go", e);
            }
            rows.addAndGet(asking.rows());
            return new Predictions.Values(new float[asking.rows()]);
        }

        @Override
        public void close() {}
    }

    @Test
    @Timeout(60)
    void rowsWaitForABusyModel_noLongerThanTheServersTimeout(@TempDir Path folder) throws Exception {
        Held model = new Held();
        try (SmallHome home = new SmallHome(folder, HURRIED, new RouterOptions(1, 64, 10, 16, 7));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Client client = Client.of(home.url());
            Router router = home.services().router();
            router.install("e", Route.of("e", "e", 1, model));
            String row = "{\"instances\": [[1]]}";
            Future<Client.Answer> first = clients.submit(() -> client.post("/endpoints/e/invocations", row));
            model.asked.await();
            Client.Answer second = client.post("/endpoints/e/invocations", row);
            assertThat(second.status()).as(second.body()).isIn(503, 504);
            while (router.findStatistics("e", 1).orElseThrow().snapshot().count(Outcome.OVERLOADED) == 0) {
                Thread.onSpinWait();
            }
            model.letGo.countDown();
            assertThat(first.get().status()).isEqualTo(503);
            while (!router.isIdle("e") || model.rows.get() == 0) {
                Thread.onSpinWait();
            }
            assertThat(model.rows).as("rows that were run").hasValue(1);
        }
    }
}
