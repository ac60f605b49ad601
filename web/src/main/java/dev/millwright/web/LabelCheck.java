package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.ServingError;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which labels the versions on an endpoint can be judged by: a class that one of them knows, or a number. */
record LabelCheck(boolean numeric, List<String> classes) {

    static LabelCheck of(Router router, String endpoint) {
        Route route = router.find(endpoint)
                .orElseThrow(() -> new MillwrightException(
                        ServingError.ENDPOINT_NOT_FOUND, "endpoint: " + endpoint + " (expected: one that serves)."));
        List<ModelSignature> signatures = Stream.concat(route.versions().stream(), route.shadow().stream())
                .map(version -> version.runtime().signature())
                .toList();
        return new LabelCheck(
                signatures.stream().noneMatch(signature -> signature.task().isClassification()),
                signatures.stream()
                        .flatMap(signature -> signature.classes().stream())
                        .distinct()
                        .toList());
    }

    /** What is wrong with a label, if anything is. */
    Optional<String> problem(String label) {
        if (numeric) {
            return isNumber(label) ? Optional.empty() : Optional.of("label: " + label + " (expected: a number)");
        }
        return classes.contains(label)
                ? Optional.empty()
                : Optional.of("label: " + label + " (expected: one of " + String.join(", ", classes) + ")");
    }

    private static boolean isNumber(String text) {
        try {
            return Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException no) {
            return false;
        }
    }
}
