package dev.millwright.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command takes. */
final class GlobalOptions {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where Millwright keeps its state (default: $MILLWRIGHT_HOME, else ~/.millwright).")
    private @Nullable Path home;

    @Option(
            names = "--json",
            description = "Print exactly one JSON document on standard output; everything else goes to standard error.")
    private boolean json;

    Path home() {
        return home(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    Path home(Map<String, String> environment, Path userHome) {
        return Optional.ofNullable(home)
                .or(() -> Optional.ofNullable(environment.get("MILLWRIGHT_HOME"))
                        .filter(set -> !set.isBlank())
                        .map(Path::of))
                .orElseGet(() -> userHome.resolve(".millwright"))
                .toAbsolutePath()
                .normalize();
    }

    /** What {@code --home} said, if it was given. */
    Optional<Path> givenHome() {
        return Optional.ofNullable(home);
    }

    boolean json() {
        return json;
    }
}
