package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.RunDesk.Ticket;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunStatus;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDeskTest {
    private static final String FILE = Workbench.customers("[]");

    @TempDir
    private Path folder;

    private Workbench home;
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private RunDesk desk;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.writeCustomers(300, 1);
        desk = new RunDesk(home.runs, worker);
    }

    @AfterEach
    void close() throws InterruptedException {
        desk.close();
        worker.shutdown();
        assertThat(worker.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        home.close();
    }

    private Ticket submit(RunListener listener) {
        return desk.submit(home.request(FILE, Map.of()), listener);
    }

    private Run run(Ticket ticket) {
        return home.registry.runs().load(ticket.run());
    }

    @Test
    void endsARunAtItsNextStep_whenItIsCancelled_andCanGoOnWithIt() throws Exception {
        CompletableFuture<String> id = new CompletableFuture<>();
        Ticket ticket = submit(event -> {
            if (event instanceof RunEvent.StepStarted started && started.step().startsWith("train")) {
                desk.cancel(id.join().substring(0, 20), "not today");
            }
        });
        id.complete(ticket.run());

        RunSummary summary = ticket.outcome().get(1, TimeUnit.MINUTES).summary();

        assertThat(summary.status()).isEqualTo("killed");
        assertThat(summary.error().orElseThrow())
                .isEqualTo("the run was cancelled: not today. Go on with 'run --resume " + ticket.run() + "'.");
        assertThat(run(ticket).status()).isEqualTo(RunStatus.KILLED);
        assertThat(home.registry.models().list()).isEmpty();

        Ticket again = desk.resume(Optional.of(ticket.run()), RunListener.NONE);
        assertThat(again.outcome().get(1, TimeUnit.MINUTES).summary().reused()).contains("features");
        assertThat(run(ticket).status()).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void endsARunThatWaitsAtOnce_whenItIsCancelled() throws Exception {
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        Ticket first = submit(event -> go.join());
        Ticket second = submit(RunListener.NONE);

        desk.cancel(second.run(), "by hand");

        assertThat(run(second).status()).isEqualTo(RunStatus.KILLED);
        assertThat(second.outcome()).isCompleted();
        assertThat(second.journal().hasEnded()).isTrue();
        assertThat(home.registry.steps().list(second.run())).isEmpty();
        go.complete(true);
        assertThat(first.outcome().get(1, TimeUnit.MINUTES).failure()).isEmpty();
    }

    @Test
    void refusesToCancelWhatHasEnded() throws Exception {
        Ticket ticket = submit(RunListener.NONE);
        ticket.outcome().get(1, TimeUnit.MINUTES);

        assertThatThrownBy(() -> desk.cancel(ticket.run(), "by hand"))
                .isInstanceOf(MillwrightException.class)
                .hasMessage(
                        "run: " + ticket.run() + " is finished (expected: a pipeline's run that waits or is under way)."
                                + " There is nothing to cancel.");
        assertThatThrownBy(() -> desk.cancel("0123456789", "by hand")).hasMessageContaining("run: 0123456789");
    }
}
