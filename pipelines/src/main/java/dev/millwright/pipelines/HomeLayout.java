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

    /** What belongs to commands that train: their processes and, while they run, their files. */
    public Path commands() {
        return home.resolve("commands");
    }

    /** The events that endpoints took, in a folder for each endpoint. */
    public Path events() {
        return home.resolve("events");
    }

    /** Tokens and keys, one a file. */
    public Path secrets() {
        return home.resolve("secrets");
    }

    public Path temporary() {
        return home.resolve("tmp");
    }
}
