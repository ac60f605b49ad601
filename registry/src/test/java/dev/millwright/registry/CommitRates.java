package dev.millwright.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Measures, by hand, how many changes a second are acknowledged, and how long opening takes; asserts nothing. */
final class CommitRates {
    private static final int SECONDS = 2;

    private CommitRates() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = arguments.length > 0
                ? Path.of(arguments[0])
                : Files.createTempDirectory("millwright-rates-").resolve("home");
        for (String what : List.of("first open, new home", "second open", "third open")) {
            long start = System.nanoTime();
            Registry.open(home, InstantSource.system()).close();
            System.out.printf("%-34s %8.0f ms%n", what, (System.nanoTime() - start) / 1e6);
        }
        try (Registry registry = Registry.open(home, InstantSource.system())) {
            String experiment = registry.experiments().findOrCreate("rates").id();
            Run run = registry.runs().create(NewRun.of(experiment, "r", RunKind.TRACKED));
            for (int threads : new int[] {1, 8, 64}) {
                rate("events", threads, i -> registry.events().record("trigger.fired", "x", Map.of("i", "" + i)));
                rate("metrics", threads, i -> registry.runs().logMetric(run.id(), "m", i, Instant.EPOCH, i));
                rate("runs created", threads, i -> registry.runs().create(NewRun.of(experiment, "r", RunKind.TRIAL)));
            }
            long start = System.nanoTime();
            Verification verification = registry.events().verify();
            System.out.printf(
                    "verify %d events: %.0f ms, ok %s%n",
                    verification.checked(), (System.nanoTime() - start) / 1e6, verification.ok());
            start = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                registry.runs().list(RunFilter.ALL.experiment(experiment), 50, java.util.Optional.empty());
            }
            System.out.printf("list 50 runs: %.0f us%n", (System.nanoTime() - start) / 1e6);
        }
    }

    private static void rate(String what, int threads, IntConsumer change) throws InterruptedException {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        List<Thread> running = new ArrayList<>();
        long[] done = new long[threads];
        for (int t = 0; t < threads; t++) {
            int thread = t;
            running.add(Thread.ofPlatform().start(() -> {
                for (int i = thread; System.nanoTime() < end; i += threads) {
                    change.accept(i);
                    done[thread]++;
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        long all = java.util.Arrays.stream(done).sum();
        System.out.printf("%-20s %3d threads %8d a second%n", what, threads, all / SECONDS);
    }
}
