package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.protocol.FeatureTensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which labels the versions on an endpoint can be judged by: a class that one of them knows, or a number. */
record LabelCheck(Kind kind, List<String> classes) {
    /** What labels are. */
    enum Kind {
        NUMBER,
        CLASS,
        /** Whatever the client takes for the truth: the model gives tensors, which say nothing of labels. */
        ANY
    }

    static LabelCheck of(Router router, String endpoint) {
        Route route = router.find(endpoint)
                .orElseThrow(() -> new MillwrightException(
                        ServingError.ENDPOINT_NOT_FOUND, "endpoint: " + endpoint + " (expected: one that serves)."));
        List<ModelSignature> signatures = Stream.concat(route.versions().stream(), route.shadow().stream())
                .flatMap(version -> version.source().features().stream())
                .map(FeatureTensors::signature)
                .toList();
        Kind kind = signatures.isEmpty()
                ? Kind.ANY
                : signatures.stream().anyMatch(signature -> signature.task().isClassification())
                        ? Kind.CLASS
                        : Kind.NUMBER;
        return new LabelCheck(
                kind,
                signatures.stream()
                        .flatMap(signature -> signature.classes().stream())
                        .distinct()
                        .toList());
    }

    /** What is wrong with a label, if anything is. */
    Optional<String> problem(String label) {
        return switch (kind) {
            case ANY -> Optional.empty();
            case NUMBER ->
                isNumber(label) ? Optional.empty() : Optional.of("label: " + label + " (expected: a number)");
            case CLASS ->
                classes.contains(label)
                        ? Optional.empty()
                        : Optional.of("label: " + label + " (expected: one of " + String.join(", ", classes) + ")");
        };
    }

    private static boolean isNumber(String text) {
        try {
            return Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException no) {
            return false;
        }
    }
}
