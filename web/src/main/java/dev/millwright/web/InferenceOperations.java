package dev.millwright.web;

import com.linecorp.armeria.common.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the routes of the Open Inference Protocol say of themselves. Its JSON is read and written without records, for speed; those
 * here have the protocol's fields.
 */
final class InferenceOperations {
    private InferenceOperations() {}

    private record Live(boolean live) {}

    private record ServerReady(boolean ready) {}

    private record ServerMetadata(String name, String version, List<String> extensions) {}

    private record ListedModels(List<InferenceRoutes.ListedModel> models) {}

    private record TensorMetadata(String name, String datatype, List<Long> shape) {}

    private record ModelMetadata(
            String name,
            List<String> versions,
            String platform,
            List<TensorMetadata> inputs,
            List<TensorMetadata> outputs) {}

    private record ModelReady(String name, boolean ready) {}

    private record InferInput(
            String name,
            List<Long> shape,
            String datatype,
            Optional<Map<String, Object>> parameters,
            Optional<List<Object>> data) {}

    private record RequestedOutput(String name, Optional<Map<String, Object>> parameters) {}

    private record InferRequest(
            Optional<String> id,
            Optional<Map<String, Object>> parameters,
            List<InferInput> inputs,
            Optional<List<RequestedOutput>> outputs) {}

    private record InferOutput(
            String name,
            List<Long> shape,
            String datatype,
            Optional<Map<String, Object>> parameters,
            Optional<List<Object>> data) {}

    private record InferResponse(
            String modelName,
            Optional<String> modelVersion,
            Optional<String> id,
            Optional<Map<String, Object>> parameters,
            List<InferOutput> outputs) {}

    private record AllStatistics(List<InferenceStatistics.ModelStatistics> modelStats) {}

    static void describe(Routes routes) {
        describeModels(routes);
        describeStatistics(routes);
        describeRepository(routes);
    }

    private static void describeStatistics(Routes routes) {
        for (String path : List.of(
                "/v2/models/stats", "/v2/models/{model}/stats", "/v2/models/{model}/versions/{version}/stats")) {
            routes.describe(
                    HttpMethod.GET, path, answers("Requests, runs and durations since the start", AllStatistics.class));
        }
    }

    private static void describeRepository(Routes routes) {
        routes.describe(
                HttpMethod.POST,
                "/v2/repository/index",
                Operation.gives(Topic.INFERENCE, "What could serve, and what does", Operation.JSON)
                        .takes(RepositoryRoutes.IndexRequest.class));
        for (String what : List.of("load", "unload")) {
            routes.describe(
                    HttpMethod.POST,
                    "/v2/repository/models/{model}/" + what,
                    answers(what.equals("load") ? "Lets a model answer" : "Stops a model's answers", Nothing.class)
                            .takes(RepositoryRoutes.LoadRequest.class));
        }
    }

    private record Nothing() {}

    private static void describeModels(Routes routes) {
        for (String path : List.of("/v2", "/v2/")) {
            routes.describe(HttpMethod.GET, path, answers("What the server speaks", ServerMetadata.class));
        }
        routes.describe(HttpMethod.GET, "/v2/health/live", answers("Whether the server lives", Live.class));
        routes.describe(
                HttpMethod.GET, "/v2/health/ready", answers("Whether the server takes requests", ServerReady.class));
        routes.describe(HttpMethod.GET, "/v2/models", answers("What serves", ListedModels.class));
        for (String path : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            routes.describe(HttpMethod.GET, path, answers("What a model takes and gives", ModelMetadata.class));
            routes.describe(HttpMethod.GET, path + "/ready", answers("Whether a model answers", ModelReady.class));
            routes.describe(
                    HttpMethod.POST,
                    path + "/infer",
                    answers("Predictions for tensors", InferResponse.class).takes(InferRequest.class));
        }
    }

    private static Operation answers(String summary, Class<?> answer) {
        return Operation.answers(Topic.INFERENCE, summary, answer);
    }
}
