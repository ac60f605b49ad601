package dev.millwright.app;

import dev.millwright.registry.RegistryOptions;
import dev.millwright.web.access.AccessOptions;

/**
 * How a home is opened.
 *
 * @param port where its server listens; 0 takes a free one
 * @param access at which address, and who has to log in
 * @param registry where the state and clients' files are
 * @param limits what serving may take
 */
record Opening(int port, Keeping keeping, AccessOptions access, RegistryOptions registry, ServingLimits limits) {
    /** Where what is registered and logged goes. */
    enum Keeping {
        ON_DISK,
        /** Gone when the home is closed, and at any time when {@code POST /api/v1/reset} asks for it. */
        IN_MEMORY
    }

    /** With {@link ServingLimits#ofThisMachine}. */
    Opening(int port, Keeping keeping, AccessOptions access, RegistryOptions registry) {
        this(port, keeping, access, registry, ServingLimits.ofThisMachine());
    }

    /** For this machine alone; the state is where the environment says, else where it was. */
    static Opening onDisk(int port) {
        return new Opening(
                port,
                Keeping.ON_DISK,
                AccessOptions.loopback(),
                RegistryOptions.DEFAULT.at(DatabaseSetting.ofEnvironment()));
    }
}
