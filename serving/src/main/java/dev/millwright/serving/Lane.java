package dev.millwright.serving;

/** A version as it stands in an installed route. */
record Lane(WeightedVersion version, ModelSlot slot, VersionStatistics statistics) {
    /** The number of the version, as requests name it. */
    String name() {
        return Integer.toString(version.version());
    }
}
