package dev.millwright.app;

import dev.millwright.core.Event;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Verification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the event record, and checks its chain. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Show the record of everything that changed, newest first, or check that nobody altered it.",
        footer = {"", "Examples:", "  millwright events --type endpoint.", "  millwright events --verify"})
final class EventsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Option(names = "--verify", description = "Check every entry against its hash and its predecessor.")
    private boolean verify;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only events of this type, or with this beginning if it ends in a dot.")
    private @Nullable String type;

    @Option(names = "--subject", paramLabel = "ID", description = "Only events about this.")
    private @Nullable String subject;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    EventsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Registry registry = HomeReader.open(options.home())) {
            return verify ? verify(registry) : list(registry);
        }
    }

    private int verify(Registry registry) {
        Verification verification = registry.events().verify();
        if (options.json()) {
            terminal.out()
                    .println(Json.pretty(Map.of(
                            "ok", verification.ok(),
                            "checked", verification.checked(),
                            "first_broken", verification.firstBroken())));
        }
        String message = verification
                .firstBroken()
                .map(broken -> terminal.red("✗ ") + "entry " + broken.sequence() + " is not as it was written: "
                        + broken.why())
                .orElseGet(() -> terminal.green("✓ ") + verification.checked() + " events, the chain is whole");
        (options.json() ? terminal.err() : terminal.out()).println(message);
        return (verification.ok() ? ExitCode.DONE : ExitCode.UNEXPECTED).number();
    }

    private int list(Registry registry) {
        EventFilter filter = EventFilter.newest().limit(limit);
        if (type != null) {
            filter = filter.type(type);
        }
        if (subject != null) {
            filter = filter.subject(subject);
        }
        List<Event> events = registry.events().list(filter);
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("events", events)));
        } else {
            terminal.table(
                    List.of("EVENT", "TIME", "TYPE", "SUBJECT", "DATA"),
                    events.stream().map(EventsCommand::row).toList());
        }
        return ExitCode.DONE.number();
    }

    private static List<String> row(Event event) {
        return List.of(
                Long.toString(event.sequence()),
                Times.stamp(event.time()),
                event.type(),
                event.subject().length() > 32 ? event.subject().substring(0, 32) : event.subject(),
                event.data().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + shortened(entry.getValue()))
                        .collect(Collectors.joining(" ")));
    }

    private static String shortened(String value) {
        return value.length() > 60 ? value.substring(0, 57) + "…" : value;
    }
}
