package dev.millwright.pipelines;

import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.registry.Registry;
import java.time.InstantSource;

/**
 * What runs work with; all of it belongs to the home's owner and outlives a run.
 *
 * @param tracking for programs that a run starts
 */
public record Workshop(
        HomeLayout layout,
        DuckDb duck,
        Lake lake,
        Registry registry,
        Deployments deployments,
        TrackingAccess tracking,
        InstantSource clock) {
    DatasetStore datasets() {
        return new DatasetStore(registry, lake);
    }
}
