package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.demo.CardTransactions;
import dev.millwright.demo.FraudData;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.RegistryError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the whole loop on generated card transactions. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Show the whole loop on generated card transactions: train, serve, traffic, fraud changes its habits, drift"
                        + " and falling quality are noticed, retrain, canary, promotion. Goes on with traffic until it is stopped.",
        footer = {
            "",
            "Examples:",
            "  millwright demo                  the loop, then live traffic and pages",
            "  millwright demo --once --json    the loop once, and a summary",
            "  millwright demo --data DIR       write the transactions for examples/fraud"
        })
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Option(names = "--once", description = "Stop when the loop has closed.")
    private boolean once;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Only write the transactions, to DIR/fraud/transactions.csv.")
    private @Nullable Path data;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "7",
            description = "Of the generated world (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Where the pages are (default: a free one).")
    private int port;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (data != null) {
            return write(data);
        }
        Path home = options.home().resolve("demo");
        startAfresh(home);
        HomeLock lock = HomeLock.tryAcquire(home)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.HOME_IN_USE,
                        "home: another demo runs in " + home
                                + " (expected: one at a time). Stop it, or use --home DIR."));
        try (OwnedHome owned = OwnedHome.open(lock, port, InstantSource.system())) {
            terminal.err().println("The pages are at " + terminal.bold(owned.url()));
            owned.serve();
            DemoLoop loop = new DemoLoop(owned, home.resolve("data"), seed, terminal, InstantSource.system());
            DemoLoop.Summary summary = loop.close();
            print(summary);
            if (!once) {
                terminal.err()
                        .println("Traffic goes on; the pages are at " + terminal.bold(owned.url())
                                + ". Ctrl-C stops it.");
                loop.goOn();
            }
            return (summary.promoted() ? ExitCode.DONE : ExitCode.UNEXPECTED).number();
        }
    }

    private void print(DemoLoop.Summary summary) {
        if (options.json()) {
            terminal.out().println(Json.pretty(summary));
            return;
        }
        String quality = summary.averagePrecisionOnNewBehaviour()
                .map(judged -> String.format(
                        Locale.ROOT,
                        "average precision on the new habits %.3f, before %.3f",
                        judged.after(),
                        judged.before()))
                .orElse("no new version took over");
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "The loop %s in %.0f s: %s, %,d payments served",
                        summary.promoted() ? "closed" : "did not close",
                        summary.seconds(),
                        quality,
                        summary.eventsServed()));
    }

    private int write(Path folder) {
        Path csv = folder.resolve("fraud").resolve("transactions.csv");
        long rows = FraudData.write(csv, CardTransactions.Parameters.defaults(), seed);
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("file", csv.toString(), "rows", rows)));
        } else {
            terminal.out()
                    .println("Wrote " + rows + " transactions to " + csv
                            + ". Next: millwright run examples/fraud/fraud.yaml --set DATA=" + folder);
        }
        return ExitCode.DONE.number();
    }

    /** A demo begins at the beginning; what an earlier one left is removed, if it is one's own and nobody holds it. */
    private static void startAfresh(Path home) throws IOException {
        if (!Files.exists(home)) {
            return;
        }
        boolean leftByDemo = Files.exists(home.resolve("lock")) || Files.exists(home.resolve("data"));
        if (!leftByDemo) {
            throw new InvalidInputException(
                    "--home: " + home + " holds something else (expected: nothing, or an earlier demo).");
        }
        try (HomeLock _ = HomeLock.tryAcquire(home)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.HOME_IN_USE,
                        "home: another demo runs in " + home
                                + " (expected: one at a time). Stop it, or use --home DIR."))) {
            new Scratch(home).close();
        }
    }
}
