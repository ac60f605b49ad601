package dev.millwright.pipelines;

import java.nio.file.Path;

/** Which folder of a home holds what. */
public record HomeLayout(Path home) {
    public Path lake() {
        return home.resolve("lake");
    }

    public Path trainingSets() {
        return home.resolve("training-sets");
    }

    public Path predictions() {
        return home.resolve("predictions");
    }

    public Path temporary() {
        return home.resolve("tmp");
    }
}
