package dev.millwright.app;

import dev.millwright.registry.ArtifactRoot;

/**
 * How a home is opened.
 *
 * @param port where its server listens; 0 takes a free one
 * @param root where clients keep the files of new experiments
 */
record Opening(int port, Keeping keeping, ArtifactRoot root) {
    /** Where what is registered and logged goes. */
    enum Keeping {
        ON_DISK,
        /** Gone when the home is closed, and at any time when {@code POST /api/v1/reset} asks for it. */
        IN_MEMORY
    }

    static Opening onDisk(int port) {
        return new Opening(port, Keeping.ON_DISK, ArtifactRoot.SERVER);
    }
}
