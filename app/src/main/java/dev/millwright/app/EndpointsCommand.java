package dev.millwright.app;

import dev.millwright.registry.Endpoint;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Served;
import dev.millwright.registry.TimelineEntry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists endpoints, or shows what served on one, when and why. */
@Command(
        name = "endpoints",
        mixinStandardHelpOptions = true,
        subcommands = CacheCommand.class,
        description = "List endpoints, or show what served on one, when, and why.",
        footer = {
            "",
            "Examples:",
            "  millwright endpoints",
            "  millwright endpoints churn",
            "  millwright endpoints cache churn --size 10000 --age 10m"
        })
final class EndpointsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(arity = "0..1", paramLabel = "ENDPOINT", description = "Show the timeline of this endpoint.")
    private @Nullable String endpoint;

    EndpointsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Registry registry = HomeReader.open(options.home())) {
            if (endpoint == null) {
                list(registry.endpoints().list());
            } else {
                timeline(registry.endpoints()
                        .timeline(registry.endpoints().load(endpoint).name()));
            }
        }
        return ExitCode.DONE.number();
    }

    private void list(List<Endpoint> endpoints) {
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("endpoints", endpoints)));
        } else if (endpoints.isEmpty()) {
            terminal.out()
                    .println("No endpoints yet. A pipeline with a 'deploy:' section makes one: millwright run FILE");
        } else {
            terminal.table(
                    List.of("ENDPOINT", "MODEL", "STATUS", "SERVES", "SINCE", "WHY"),
                    endpoints.stream()
                            .map(each -> List.of(
                                    each.name(),
                                    each.model(),
                                    each.rollout().status().name().toLowerCase(Locale.ROOT),
                                    serves(each.rollout().versions()),
                                    Times.stamp(each.since()),
                                    each.rollout().reason()))
                            .toList());
        }
    }

    private void timeline(List<TimelineEntry> entries) {
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("timeline", entries)));
            return;
        }
        terminal.table(
                List.of("SINCE", "CHANGE", "SERVES", "WHY"),
                entries.stream()
                        .map(entry -> List.of(
                                Times.stamp(entry.time()), entry.change(), serves(entry.versions()), entry.reason()))
                        .toList());
    }

    private static String serves(List<Served> versions) {
        return versions.stream()
                .map(served -> "v" + served.version() + " " + Math.round(served.percent()) + " %")
                .collect(Collectors.joining(", "));
    }
}
