package dev.millwright.registry;

import java.time.Instant;

/** A named collection of runs; the id is a decimal number, as MLflow's. */
public record Experiment(String id, String name, Instant created) {}
