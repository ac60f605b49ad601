package dev.millwright.app;

import dev.millwright.registry.DatabaseUrl;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The database of PostgreSQL that a command was told to use, by an option or by the environment. */
final class DatabaseSetting {
    static final String VARIABLE = "MILLWRIGHT_DATABASE";

    private DatabaseSetting() {}

    static Optional<DatabaseUrl> ofEnvironment() {
        return of(null, System.getenv());
    }

    /** The option counts more than {@value #VARIABLE}. */
    static Optional<DatabaseUrl> of(@Nullable String option, Map<String, String> environment) {
        return Optional.ofNullable(option)
                .or(() -> Optional.ofNullable(environment.get(VARIABLE)).filter(url -> !url.isBlank()))
                .map(DatabaseUrl::parse);
    }
}
