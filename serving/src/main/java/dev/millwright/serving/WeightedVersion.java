package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.serving.protocol.FeatureTensors;

/**
 * A model version on an endpoint, with its share of the traffic.
 *
 * @param model the registered model's name
 * @param version counts from 1
 * @param weight share of the requests that name no version; shares need not add up to 1
 * @param source where its model is loaded from; the router frees the model after the last request of the last route that
 *     refers to it
 */
public record WeightedVersion(String model, int version, double weight, ModelSource source) {
    public WeightedVersion {
        if (version < 1) {
            throw new IllegalArgumentException("version: " + version + " (expected: at least 1)");
        }
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: at least 0)");
        }
    }

    /** A version whose model is loaded already. */
    public WeightedVersion(String model, int version, double weight, ModelRuntime runtime) {
        this(model, version, weight, ModelSource.of(runtime));
    }

    /**
     * The feature columns that it takes and the predictions that it gives.
     *
     * @throws MillwrightException {@link ServingError#OTHER_INPUT} when it takes tensors
     */
    public ModelSignature signature() {
        return source.features()
                .map(FeatureTensors::signature)
                .orElseThrow(() -> new MillwrightException(
                        ServingError.OTHER_INPUT,
                        source.name() + ": takes tensors (expected: a model that takes rows). Ask it at /v2/models."));
    }

    /** The same version with another share. */
    public WeightedVersion withWeight(double newWeight) {
        return new WeightedVersion(model, version, newWeight, source);
    }
}
