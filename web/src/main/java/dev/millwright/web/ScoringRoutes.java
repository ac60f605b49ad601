package dev.millwright.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.rows.ScoringJson;
import dev.millwright.serving.rows.SentRows;
import dev.millwright.web.mlflow.MlflowDialect;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints as MLflow's clients ask them: each is a scoring server under its own path, and all together are a deployment target.
 */
final class ScoringRoutes {
    private static final String CSV = "text/csv";
    private static final String AT = "/endpoints/{endpoint}/";

    private final Router router;

    private ScoringRoutes(Router router) {
        this.router = router;
    }

    static void add(Routes routes, Router router, ThreadGate gate) {
        ScoringRoutes handlers = new ScoringRoutes(router);
        routes.postCompressed(
                AT + "invocations",
                Operation.answers(Topic.SCORING, "Predictions for rows", ScoringAnswer.class)
                        .takes(ScoringRequest.class)
                        .takes(CSV),
                handlers::invoke,
                gate);
        for (String path : List.of("ping", "health")) {
            routes.get(
                    AT + path,
                    Operation.gives(Topic.SCORING, "Whether the endpoint serves", "text/plain"),
                    handlers::ping);
        }
        routes.get(
                AT + "version",
                Operation.gives(Topic.SCORING, "The release of MLflow whose protocol is spoken", "text/plain"),
                call -> text(MlflowDialect.RELEASE));
        for (String path : List.of("/api/2.0/endpoints", "/api/2.0/endpoints/")) {
            routes.get(
                    path,
                    Operation.answers(Topic.SCORING, "Endpoints that serve", DeployedEndpoints.class),
                    handlers::list);
        }
        routes.get(
                "/api/2.0/endpoints/{endpoint}",
                Operation.answers(Topic.SCORING, "An endpoint that serves", DeployedEndpoint.class),
                call -> Json.respond(deployed(handlers.route(call))));
    }

    /** The body of a request, in one of four forms; for the document. */
    private record ScoringRequest(
            Optional<SplitRows> dataframeSplit,
            Optional<List<Map<String, Object>>> dataframeRecords,
            Optional<List<Object>> instances,
            Optional<Object> inputs,
            Optional<Map<String, Object>> params) {}

    /** Rows whose columns are named once. */
    private record SplitRows(Optional<List<String>> columns, List<List<Object>> data, Optional<List<Object>> index) {}

    /** What {@link ScoringJson} writes; for the document. */
    private record ScoringAnswer(
            List<Object> predictions, List<String> predictionIds, String endpoint, int modelVersion) {}

    /** Endpoints as {@code mlflow.deployments} lists them. */
    private record DeployedEndpoints(List<DeployedEndpoint> endpoints) {}

    /** One of them; its clients ask for a limit, which is null. */
    private record DeployedEndpoint(
            String name,
            String endpointType,
            DeployedModel model,
            String endpointUrl,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Integer limit) {}

    /** What serves it. */
    private record DeployedModel(String name, String provider) {}

    private HttpResponse list(Call call) {
        return Json.respond(new DeployedEndpoints(
                router.list().stream().map(ScoringRoutes::deployed).toList()));
    }

    private static DeployedEndpoint deployed(Route route) {
        WeightedVersion served = route.champion();
        return new DeployedEndpoint(
                route.endpoint(),
                "millwright/v1/"
                        + served.source()
                                .features()
                                .map(features -> features.signature().task().label())
                                .orElse("tensors"),
                new DeployedModel(served.model(), "millwright"),
                "/endpoints/" + route.endpoint() + "/invocations",
                null);
    }

    private HttpResponse ping(Call call) {
        route(call);
        return text("\n");
    }

    private static HttpResponse text(String body) {
        return HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, body);
    }

    private Route route(Call call) {
        return EndpointRoutes.route(router, call.path("endpoint"));
    }

    private HttpResponse invoke(Call call) {
        return invoke(
                router,
                call.path("endpoint"),
                call.request().headers(),
                Arrival.of(call.context()).deadline(),
                call.body());
    }

    /** Predictions for rows that came with these headers. */
    static HttpResponse invoke(Router router, String endpoint, RequestHeaders headers, Deadline deadline, byte[] body) {
        Route route = EndpointRoutes.route(router, endpoint);
        Optional<String> sentType = Optional.ofNullable(headers.get(HttpHeaderNames.CONTENT_TYPE));
        Optional<SentRows> rows = rows(type(sentType), body, route);
        if (rows.isEmpty()) {
            return MlflowDialect.refusal(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Type: " + sentType.orElse("") + " (expected: "
                                    + Operation.JSON + ", or " + CSV + " with a charset that Java knows). Add -H"
                                    + " 'Content-Type: " + Operation.JSON + "'")
                    .toHttpResponse();
        }
        InferenceResult result =
                router.infer(new InferenceCall(VersionPin.target(headers, route.endpoint(), deadline), rows.get()));
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(ScoringJson.write(result)));
    }

    /** What was sent, unless in a form that isn't taken; JSON where nothing is said, as MLflow's own servers are asked by hand. */
    private static Optional<SentRows> rows(MediaType type, byte[] body, Route route) {
        Optional<Charset> charset = charset(type);
        if (charset.isEmpty()) {
            return Optional.empty();
        }
        if (type.is(MediaType.CSV_UTF_8.withoutParameters())) {
            return Optional.of(SentRows.csv(body, charset.get(), route));
        }
        boolean json = type.is(MediaType.JSON) && charset.get().equals(StandardCharsets.UTF_8);
        return json ? Optional.of(SentRows.json(body, route)) : Optional.empty();
    }

    private static MediaType type(Optional<String> sent) {
        try {
            return sent.map(MediaType::parse).orElse(MediaType.JSON);
        } catch (IllegalArgumentException none) {
            return MediaType.JSON;
        }
    }

    private static Optional<Charset> charset(MediaType type) {
        try {
            return Optional.of(type.charset(StandardCharsets.UTF_8));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException | IllegalStateException unknown) {
            return Optional.empty();
        }
    }
}
