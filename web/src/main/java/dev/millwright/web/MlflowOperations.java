package dev.millwright.web;

import com.linecorp.armeria.common.HttpMethod;
import dev.millwright.web.mlflow.MlflowDialect;
import java.util.Optional;

/** What the calls of MLflow's dialect are. MLflow documents their fields itself; here stands which of them there are. */
final class MlflowOperations {
    private static final String TEXT = "text/plain";

    private MlflowOperations() {}

    /** Those outside the versioned paths. */
    static void describe(Routes routes) {
        routes.describe(HttpMethod.GET, "/version", gives("The release whose protocol is spoken", TEXT));
        routes.describe(HttpMethod.GET, "/health", gives("Whether the server lives", TEXT));
        routes.describe(
                HttpMethod.GET,
                "/get-artifact",
                gives("A file of a run", "*/*")
                        .query("run_uuid", "The id of the run.")
                        .query("path", "Of the file."));
        routes.describe(
                HttpMethod.GET,
                "/model-versions/get-artifact",
                gives("A file of a model version", "*/*")
                        .query("name", "Of the model.")
                        .query("version", "Its number.")
                        .query("path", "Of the file."));
    }

    /** Those within: called as in {@code path}, after the version. */
    static Optional<Operation> find(String path) {
        if (!MlflowDialect.speaksAt(path)) {
            return Optional.empty();
        }
        String call = ApiDocument.template(path).replaceFirst("^/(ajax-)?api/[0-9.]+/", "");
        if (MlflowDialect.refuses(path)) {
            return Optional.of(gives("Not implemented: " + call, Operation.JSON).status(501));
        }
        return Optional.of(
                gives(path.startsWith("/ajax-api/") ? call + ", as browsers call it" : call, Operation.JSON));
    }

    private static Operation gives(String summary, String mediaType) {
        return Operation.gives(Topic.MLFLOW, summary, mediaType);
    }
}
