package dev.millwright.web;

import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.Metric;
import dev.millwright.registry.NewLoggedModel;
import dev.millwright.registry.NewRegistration;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.TrackedRun;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs as clients log them: with parameters, with metrics over many steps, and with files. */
final class LoggedRuns {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final Registry registry;
    private final String experiment;

    LoggedRuns(Registry registry) {
        this.registry = registry;
        this.experiment = registry.experiments().findOrCreate("digits").id();
    }

    /** Runs named {@code net-1} and so on: their loss falls over the steps, and is the lower the later the run. */
    List<Run> train(int count, int steps) {
        List<Run> runs = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Run run = start("net-" + i);
            registry.runs()
                    .logParams(
                            run.id(),
                            Map.of(
                                    "lr", String.valueOf(0.1 / (i * i)),
                                    "optimizer", i % 3 == 0 ? "sgd" : "adam",
                                    "epochs", String.valueOf(steps)));
            List<Metric> metrics = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                double noise = Math.sin(step * 1.7 + i) * 0.05;
                add(metrics, "loss", 2.0 / (1 + step * 0.1 * i) + noise, step);
                add(metrics, "accuracy", 1 - 0.9 / (1 + step * 0.05 * i) + noise / 10, step);
            }
            registry.runs().logMetrics(run.id(), metrics);
            runs.add(registry.runs().finish(run.id(), RunStatus.FINISHED, Optional.empty()));
        }
        return runs;
    }

    private static void add(List<Metric> metrics, String key, double value, int step) {
        metrics.add(new Metric(key, value, START.plusSeconds(step * 2L), step));
    }

    Run start(String name) {
        return registry.tracking().create(new TrackedRun(experiment, name, "ada", START, Map.of()));
    }

    void log(Run run, String key, double... values) {
        List<Metric> metrics = new ArrayList<>();
        for (int step = 0; step < values.length; step++) {
            add(metrics, key, values[step], step);
        }
        registry.runs().logMetrics(run.id(), metrics);
    }

    /** A file that the client sends. */
    void send(Run run, String path, String text) {
        send(run, path, text.getBytes(StandardCharsets.UTF_8));
    }

    void send(Run run, String path, byte[] bytes) {
        send(run.artifactUri(), path, bytes);
    }

    /** A model that the client logs and registers, with one file. */
    LoggedModel model(Run run, String name, String path, String text) {
        LoggedModel model = registry.loggedModels()
                .create(new NewLoggedModel(experiment, name, "", Optional.of(run.id()), Map.of(), Map.of()));
        send(model.artifactUri(), path, text.getBytes(StandardCharsets.UTF_8));
        registry.loggedModels().finish(model.id(), LoggedModel.Status.READY);
        registry.registeredModels().create(name, "", Map.of());
        registry.registeredModels()
                .register(new NewRegistration(
                        name,
                        "models:/" + model.id(),
                        Optional.of(run.id()),
                        "",
                        "",
                        "",
                        Optional.of(model.id()),
                        Map.of(),
                        Optional.empty(),
                        Map.of()));
        return model;
    }

    private void send(String uri, String path, byte[] bytes) {
        String folder = uri.substring(Registry.ARTIFACT_ROOT.length());
        registry.artifactFiles().put(folder + "/" + path, new ByteArrayInputStream(bytes));
    }

    /** Their ids as a list of one parameter takes them. */
    static String ids(List<Run> runs) {
        return runs.stream().map(Run::id).collect(Collectors.joining(","));
    }
}
