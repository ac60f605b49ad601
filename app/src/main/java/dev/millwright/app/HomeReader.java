package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.Registry;
import java.nio.file.Path;
import java.time.InstantSource;

/** Opens a home for a look, beside whoever owns it. */
final class HomeReader {
    private HomeReader() {}

    static Registry open(Path home) {
        requireState(home);
        return Registry.openReadOnly(home, DatabaseSetting.ofEnvironment(), InstantSource.system());
    }

    /** Refuses a home in which nothing has been done yet. */
    static void requireState(Path home) {
        if (!Registry.hasState(home)) {
            throw new InvalidInputException("--home: " + home
                    + " holds no state yet (expected: a home in which something ran). Start with: millwright run FILE");
        }
    }
}
