package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.protocol.EncodedResponse;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.InferResponse;
import dev.millwright.serving.protocol.NumberForm;
import dev.millwright.serving.protocol.OpenInferenceJson;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Open Inference Protocol v2 over REST: feature rows in, predictions out. */
final class InferenceRoutes {
    /** How much of a body is JSON; binary tensors follow. */
    private static final AsciiString JSON_LENGTH = HttpHeaderNames.of("Inference-Header-Content-Length");

    private final Router router;
    private final String version;

    private InferenceRoutes(Router router, String version) {
        this.router = router;
        this.version = version;
    }

    static void add(Routes routes, Router router, String version) {
        InferenceRoutes handlers = new InferenceRoutes(router, version);
        routes.get("/v2", handlers::server);
        routes.get("/v2/", handlers::server);
        routes.get("/v2/health/live", call -> Json.respond(Map.of("live", true)));
        routes.get("/v2/health/ready", call -> Json.respond(Map.of("ready", true)));
        routes.get("/v2/models", handlers::models);
        for (String path : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            routes.get(path, handlers::metadata);
            routes.get(path + "/ready", handlers::ready);
            routes.postCompressed(path + "/infer", handlers::infer);
        }
    }

    /** What {@code /v2} says. */
    record ServerMetadata(String name, String version, List<String> extensions) {}

    /** One line of {@code /v2/models}. */
    record ListedModel(String name, List<String> versions, String state) {}

    private HttpResponse server(Call call) {
        return Json.respond(new ServerMetadata("millwright", version, List.of("binary_tensor_data")));
    }

    private HttpResponse models(Call call) {
        return Json.respond(Map.of(
                "models",
                router.list().stream()
                        .map(route -> new ListedModel(route.endpoint(), versions(route), "READY"))
                        .toList()));
    }

    private HttpResponse metadata(Call call) {
        Route route = route(call);
        FeatureTensors tensors = served(call, route).runtime().tensors();
        byte[] body =
                OpenInferenceJson.writeMetadata(route.endpoint(), versions(route), tensors.inputs(), tensors.outputs());
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(body));
    }

    private HttpResponse ready(Call call) {
        Route route = route(call);
        served(call, route);
        return Json.respond(Map.of("name", route.endpoint(), "ready", true));
    }

    private HttpResponse infer(Call call) {
        Route route = route(call);
        FeatureTensors tensors = served(call, route).runtime().tensors();
        InferRequest request = read(call, tensors);
        InferenceResult result = router.infer(
                new InferenceCall(route.endpoint(), call.findPath("version"), request.id(), tensors.rows(request)));
        return encode(OpenInferenceJson.writeResponse(
                request,
                new InferResponse(
                        route.endpoint(),
                        Integer.toString(result.modelVersion()),
                        request.id(),
                        Map.of(FeatureTensors.PREDICTION_ID, result.predictionId()),
                        tensors.outputs(request, result.predictions(), result::predictionId))));
    }

    private static InferRequest read(Call call, FeatureTensors tensors) {
        byte[] body = call.body();
        @Nullable String jsonLength = call.request().headers().get(JSON_LENGTH);
        if (jsonLength == null) {
            return OpenInferenceJson.readRequest(body, body.length, NumberForm.FLOATS);
        }
        int length = Call.parse(JSON_LENGTH.toString(), jsonLength.strip());
        return length == 0
                ? OpenInferenceJson.readRaw(body, tensors.inputs())
                : OpenInferenceJson.readRequest(body, length, NumberForm.FLOATS);
    }

    private static HttpResponse encode(EncodedResponse encoded) {
        if (!encoded.isBinary()) {
            return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(encoded.body()));
        }
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.OCTET_STREAM)
                .setInt(JSON_LENGTH, encoded.jsonLength())
                .build();
        return HttpResponse.of(headers, HttpData.wrap(encoded.body()));
    }

    private Route route(Call call) {
        String model = call.path("model");
        return router.find(model)
                .orElseThrow(() -> new MillwrightException(
                        WebError.NO_SUCH_THING,
                        "model: " + model + " is not served."
                                + Words.suggestion(
                                        model,
                                        router.list().stream()
                                                .map(Route::endpoint)
                                                .toList())));
    }

    private static WeightedVersion served(Call call, Route route) {
        Optional<String> wanted = call.findPath("version");
        return wanted.isEmpty()
                ? route.versions().getFirst()
                : route.versions().stream()
                        .filter(each -> Integer.toString(each.version()).equals(wanted.get()))
                        .findFirst()
                        .orElseThrow(() -> new MillwrightException(
                                WebError.NO_SUCH_THING,
                                "version: " + wanted.get() + " does not serve on " + route.endpoint()
                                        + " (expected: one of " + String.join(", ", versions(route)) + ")"));
    }

    private static List<String> versions(Route route) {
        return route.versions().stream()
                .map(each -> Integer.toString(each.version()))
                .toList();
    }
}
