package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.CacheReader;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps answers of an endpoint, or no more. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        description = {
            "Keep what an endpoint answers, so that the same row needn't be put to the model again; or no more, with --off.",
            "Each version's answers are kept by themselves. Only for models that say the same to the same input each time."
        },
        footer = {
            "",
            "Examples:",
            "  millwright endpoints cache churn --size 10000 --age 10m",
            "  millwright endpoints cache churn --off"
        })
final class CacheCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint.")
    private String endpoint = "";

    @Option(names = "--size", paramLabel = "N", description = "Answers at most (default: 10000).")
    private @Nullable String size;

    @Option(names = "--age", paramLabel = "DURATION", description = "How old they may be: 30s, 10m, 2h (default: 10m).")
    private @Nullable String age;

    @Option(names = "--memory", paramLabel = "SIZE", description = "What they may take: 64 MB (default), 1 GB.")
    private @Nullable String memory;

    @Option(names = "--off", description = "Keep none.")
    private boolean off;

    CacheCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (off && Stream.of(size, age, memory).anyMatch(given -> given != null)) {
            throw new InvalidInputException("--off: beside --size, --age or --memory (expected: alone)");
        }
        HomeReader.requireState(options.home());
        switch (HomeDoor.enter(options.home())) {
            case HomeDoor.Free(HomeLock lock) -> here(lock);
            case HomeDoor.Held(OwnerInfo owner) -> new OwnerClient(owner).cache(endpoint, wish());
        }
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("endpoint", endpoint, "cache", !off)));
        } else {
            terminal.out().println(endpoint + (off ? " keeps no answers" : " keeps its answers"));
        }
        return ExitCode.DONE.number();
    }

    private void here(HomeLock lock) {
        try (OwnedHome home = OwnedHome.open(lock, 0, InstantSource.system())) {
            home.deployments()
                    .setCache(
                            endpoint,
                            off
                                    ? Optional.empty()
                                    : Optional.of(CacheReader.read(
                                            Optional.ofNullable(size),
                                            Optional.ofNullable(age),
                                            Optional.ofNullable(memory))));
        }
    }

    private Map<String, Object> wish() {
        Map<String, Object> wish = new LinkedHashMap<>();
        wish.put("off", off);
        Optional.ofNullable(size).ifPresent(text -> wish.put("size", text));
        Optional.ofNullable(age).ifPresent(text -> wish.put("age", text));
        Optional.ofNullable(memory).ifPresent(text -> wish.put("memory", text));
        return wish;
    }
}
