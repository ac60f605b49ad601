package dev.millwright.web.mlflow;

import dev.millwright.registry.ModelVersion;

/** What it means to make a version the champion of its model: where an endpoint serves the model, it is a rollout. */
@FunctionalInterface
public interface Promotion {
    /** Gives the version the alias at once, or begins the rollout at whose end it has it. */
    void promote(ModelVersion version);
}
