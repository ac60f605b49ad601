package dev.millwright.pipelines.scoring;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.pipelines.Deployments;
import dev.millwright.pipelines.Origins;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Served;
import java.util.Comparator;
import java.util.Optional;

/**
 * The version that scores, chosen once: a rollout in the middle changes nothing.
 *
 * @param view words on where its columns come from; empty when no pipeline made it
 */
record ScoredVersion(ModelVersion version, Optional<String> view) {
    /**
     * The version that a request asks for, else the one that answers most of the endpoint's requests.
     *
     * @throws InvalidInputException when there is no such endpoint or version, nothing serves, or it can't serve
     */
    static ScoredVersion choose(Registry registry, ScoringRequest request) {
        Endpoint endpoint = registry.endpoints()
                .find(request.endpoint())
                .orElseThrow(() -> new InvalidInputException("ENDPOINT: " + request.endpoint() + " does not exist."
                        + Words.suggestion(
                                request.endpoint(),
                                registry.endpoints().list().stream()
                                        .map(Endpoint::name)
                                        .toList())));
        int number = request.version().orElseGet(() -> serving(endpoint));
        ModelVersion version = registry.models()
                .find(endpoint.model(), number)
                .orElseThrow(() -> new InvalidInputException("--version: " + number + " (expected: a version of "
                        + endpoint.model() + "). See them: millwright models " + endpoint.model()));
        requireServable(version);
        requireRows(version, endpoint);
        return new ScoredVersion(version, view(registry, version));
    }

    private static int serving(Endpoint endpoint) {
        return endpoint.rollout().versions().stream()
                .filter(served -> served.role() == Served.Role.LIVE)
                .max(Comparator.comparingDouble(Served::percent))
                .map(Served::version)
                .orElseThrow(() ->
                        new InvalidInputException("ENDPOINT: nothing serves on " + endpoint.name() + " yet. Deploy a"
                                + " version of " + endpoint.model() + " first, or choose one with --version."));
    }

    private static void requireServable(ModelVersion version) {
        Deployments.requirePassed(version);
        if (!version.isServable()) {
            throw new InvalidInputException("model version: " + version.id()
                    + " was never made ready to serve (expected: one that was). Do that first: millwright deploy "
                    + version.id());
        }
    }

    private static void requireRows(ModelVersion version, Endpoint endpoint) {
        if (version.takesTensors()) {
            throw new InvalidInputException(
                    "model version: " + version.id()
                            + " takes tensors, which a table has no columns for (expected: one that takes rows). Send it tensors, to /v2/models/"
                            + endpoint.name()
                            + "/infer. If it was imported with --tensors, import it without: a graph that can take rows then does.");
        }
    }

    private static Optional<String> view(Registry registry, ModelVersion version) {
        Origins origins = new Origins(registry);
        return origins.isPipelines(version)
                ? Optional.of("its columns are those that the feature view '"
                        + origins.file(version).features().view() + "' of the pipeline '"
                        + origins.file(version).name()
                        + "' gives, windows and joins computed, not those of its sources")
                : Optional.empty();
    }
}
