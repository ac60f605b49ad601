package dev.millwright.core;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who asked for what this thread does. The record of events says it of each change; of what the program does on its own, such as
 * rollouts that advance, nobody asked. Bound for as long as a piece of work lasts; work that is handed to another thread has to
 * take it along.
 */
public final class Actor {
    /** Whoever reaches a server that listens on loopback and asks nobody to log in. */
    public static final String LOCAL = "local";

    private static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

    private Actor() {}

    /** Who asked; empty where nothing was bound. */
    public static Optional<String> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Does {@code work} in the name of {@code name}. */
    public static <T> T call(String name, Supplier<T> work) {
        return ScopedValue.where(CURRENT, name).call(work::get);
    }

    /** Does {@code work} in the name of {@code name}. */
    public static void run(String name, Runnable work) {
        ScopedValue.where(CURRENT, name).run(work);
    }
}
