package dev.millwright.serving;

/** Measures how much memory loading a model takes. Thread-safe. */
interface ModelMemory {
    /** A load begins. */
    Loading begin();

    /** A load under way. */
    @FunctionalInterface
    interface Loading {
        /** The load is over: what it took, in bytes, never negative. */
        long end();
    }
}
