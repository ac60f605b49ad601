package dev.millwright.app;

import dev.millwright.demo.CardTransactions;
import dev.millwright.demo.FraudData;
import dev.millwright.demo.Transaction;
import dev.millwright.pipelines.RunListener;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Goes through what a start, a run and a request need, so that the JVM's ahead-of-time cache holds their classes, and
 * through what clients ask for most often enough that it holds what its compiler learns of them too. The launcher calls it
 * once after a build.
 */
@Command(
        name = "rehearse",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Fill the ahead-of-time cache.")
final class RehearseCommand implements Callable<Integer> {
    private static final CardTransactions.Parameters SMALL_WORLD =
            CardTransactions.Parameters.defaults().withDays(20).withCards(60);

    /** Enough for the methods on the way to be compiled. */
    private static final int OFTEN = 600;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        Path home = options.home();
        Path data = home.resolve("data");
        FraudData.write(data.resolve("fraud").resolve("transactions.csv"), SMALL_WORLD, 1);
        HomeLock lock = HomeLock.tryAcquire(home).orElseThrow();
        try (OwnedHome owned = OwnedHome.open(lock, 0, InstantSource.system())) {
            owned.serve();
            owned.desk().submit(request(data), RunListener.NONE).outcome().get();
            RehearsedVisits visits = new RehearsedVisits(owned.url());
            visits.lookAtPages();
            visits.log(OFTEN);
            if (owned.registry().endpoints().find("fraud").isPresent()) {
                List<Transaction> first =
                        new CardTransactions(SMALL_WORLD, 2).stream().limit(2).toList();
                DemoClient client = new DemoClient(owned.url());
                for (int i = 0; i < OFTEN; i++) {
                    client.predict("fraud", first);
                }
            }
        }
        try (Registry registry = HomeReader.open(home)) {
            registry.events().verify();
        }
        return ExitCode.DONE.number();
    }

    private static RunRequest request(Path data) throws IOException {
        try (InputStream file = RehearseCommand.class.getResourceAsStream("fraud.yaml")) {
            if (file == null) {
                throw new IllegalStateException("fraud.yaml is not part of this build");
            }
            return new RunRequest(
                    "fraud.yaml",
                    data.toAbsolutePath(),
                    new String(file.readAllBytes(), StandardCharsets.UTF_8),
                    Map.of("DATA", data.toAbsolutePath().toString()));
        }
    }
}
