package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.millwright.serving.ModelDescription;
import dev.millwright.serving.Patience;
import dev.millwright.serving.Route;
import dev.millwright.serving.protocol.EncodedBody;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.OpenInferenceJson;
import dev.millwright.serving.protocol.SentRequest;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The Open Inference Protocol v2 over REST. */
final class InferenceRoutes {
    /** What is spoken beyond the protocol's core, by the names that clients know. */
    static final List<String> EXTENSIONS = List.of("binary_tensor_data", "model_repository", "statistics");

    /** How much of a body is JSON; binary tensors follow. */
    static final AsciiString JSON_LENGTH = HttpHeaderNames.of("Inference-Header-Content-Length");

    private static final ResponseHeaders JSON =
            ResponseHeaders.builder(HttpStatus.OK).contentType(MediaType.JSON).build();

    private final InferenceDesk desk;
    private final InferenceStatistics statistics;
    private final String version;

    private InferenceRoutes(InferenceDesk desk, InferenceStatistics statistics, String version) {
        this.desk = desk;
        this.statistics = statistics;
        this.version = version;
    }

    static void add(
            Routes routes, InferenceDesk desk, InferenceStatistics statistics, String version, Readiness readiness) {
        InferenceRoutes handlers = new InferenceRoutes(desk, statistics, version);
        routes.get("/v2", handlers::server);
        routes.get("/v2/", handlers::server);
        routes.get("/v2/health/live", call -> Json.respond(Map.of("live", true)));
        routes.get("/v2/health/ready", call -> HealthRoutes.ready(readiness));
        routes.get("/v2/models", handlers::models);
        routes.get("/v2/models/stats", handlers::allStatistics);
        for (String path : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            routes.get(path, handlers::metadata);
            routes.get(path + "/ready", handlers::ready);
            routes.get(path + "/stats", handlers::statistics);
            routes.postQuick(path + "/infer", handlers::infer, desk.threads(), handlers::admit);
        }
    }

    /** What {@code /v2} says. */
    record ServerMetadata(String name, String version, List<String> extensions) {}

    /** One line of {@code /v2/models}. */
    record ListedModel(String name, List<String> versions, String state) {}

    private HttpResponse server(Call call) {
        return Json.respond(new ServerMetadata("millwright", version, EXTENSIONS));
    }

    private HttpResponse models(Call call) {
        return Json.respond(Map.of(
                "models",
                desk.routes().stream()
                        .map(route -> new ListedModel(route.endpoint(), InferenceDesk.versions(route), "READY"))
                        .toList()));
    }

    private HttpResponse metadata(Call call) {
        Route route = desk.route(call.path("model"));
        ModelDescription description = desk.describe(asked(call, Patience.WAITS));
        byte[] body = OpenInferenceJson.writeMetadata(
                route.endpoint(), InferenceDesk.versions(route), description.inputs(), description.outputs());
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(body));
    }

    private static InferenceDesk.Asked asked(Call call, Patience patience) {
        return new InferenceDesk.Asked(
                call.path("model"),
                VersionPin.of(call.request().headers(), call.findPath("version")),
                Arrival.of(call.context()),
                patience,
                VersionPin.view(call.request().headers()));
    }

    /** A model that is not in memory gets there, so that whoever waits for it by asking need not wait for ever. */
    private HttpResponse ready(Call call) {
        InferenceDesk.Asked asked = asked(call, Patience.WAITS);
        desk.load(asked);
        return Json.respond(Map.of("name", asked.model(), "ready", true));
    }

    private HttpResponse allStatistics(Call call) {
        return Json.respond(Map.of("model_stats", statistics.all()));
    }

    private HttpResponse statistics(Call call) {
        return Json.respond(
                Map.of("model_stats", statistics.of(desk.route(call.path("model")), call.findPath("version"))));
    }

    private Optional<Patience> admit(Call call) {
        return desk.admit(
                call.context().eventLoop().withoutContext(),
                call.path("model"),
                call.request().content().length());
    }

    private CompletableFuture<HttpResponse> infer(Call call, Patience patience) {
        return infer(desk, asked(call, patience), call.request().headers(), call.body());
    }

    /** The answer to a request that came with these headers; there already where it may wait. */
    static CompletableFuture<HttpResponse> infer(
            InferenceDesk desk, InferenceDesk.Asked asked, RequestHeaders headers, byte[] body) {
        SentRequest sent = sent(headers.get(JSON_LENGTH), body);
        InferRequest head = desk.head(asked, sent);
        return desk.infer(asked, head, sent)
                .thenApply(response -> respond(headers, OpenInferenceJson.writeResponse(head, response)));
    }

    private static SentRequest sent(@Nullable String jsonLength, byte[] body) {
        if (jsonLength == null) {
            return SentRequest.json(body, body.length);
        }
        int length = Call.parse(JSON_LENGTH.toString(), jsonLength.strip());
        return length == 0 ? SentRequest.raw(body) : SentRequest.json(body, length);
    }

    private static HttpResponse respond(RequestHeaders request, EncodedBody encoded) {
        ResponseHeaders headers = encoded.isBinary()
                ? ResponseHeaders.builder(HttpStatus.OK)
                        .contentType(MediaType.OCTET_STREAM)
                        .setInt(JSON_LENGTH, encoded.jsonLength())
                        .build()
                : JSON;
        return Compression.respond(request, headers, encoded.body());
    }
}
