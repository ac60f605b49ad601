package dev.millwright.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.rows.RequestColumns;
import dev.millwright.serving.RequestRows;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.rows.RowsCsv;
import dev.millwright.serving.rows.ScoringJson;
import dev.millwright.serving.WeightedVersion;
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

    static void add(Routes routes, Router router) {
        ScoringRoutes handlers = new ScoringRoutes(router);
        routes.postCompressed(
                AT + "invocations",
                Operation.answers(Topic.SCORING, "Predictions for rows", ScoringAnswer.class)
                        .takes(ScoringRequest.class)
                        .takes(CSV),
                handlers::invoke);
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
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer limit) {}

    /** What serves it. */
    private record DeployedModel(String name, String provider) {}

    private HttpResponse list(Call call) {
        return Json.respond(new DeployedEndpoints(
                router.list().stream().map(ScoringRoutes::deployed).toList()));
    }

    private static DeployedEndpoint deployed(Route route) {
        WeightedVersion served = EndpointRoutes.champion(route);
        return new DeployedEndpoint(
                route.endpoint(),
                "millwright/v1/" + served.runtime().signature().task().label(),
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
        Route route = route(call);
        Optional<Form> form = form(call.request().contentType());
        if (form.isEmpty()) {
            return MlflowDialect.refusal(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Type: " + call.request().headers().get("content-type", "") + " (expected: "
                                    + Operation.JSON + ", or " + CSV + " with a charset that Java knows). Add -H"
                                    + " 'Content-Type: " + Operation.JSON + "'")
                    .toHttpResponse();
        }
        Body body = new Body(call.body(), form.get(), route);
        return HttpResponse.of(
                HttpStatus.OK,
                MediaType.JSON,
                HttpData.wrap(ScoringJson.write(router.infer(
                        new InferenceCall(route.endpoint(), Optional.empty(), Optional.empty(), body)))));
    }

    /** How a body is read. */
    @FunctionalInterface
    private interface Form {
        Frame read(byte[] body, RequestColumns columns);
    }

    /** JSON where nothing is said, as MLflow's own servers are asked by hand. */
    private static Optional<Form> form(@Nullable MediaType type) {
        if (type == null) {
            return Optional.of(ScoringJson::read);
        }
        Optional<Charset> charset = charset(type);
        if (charset.isEmpty()) {
            return Optional.empty();
        }
        if (type.is(MediaType.CSV_UTF_8.withoutParameters())) {
            return Optional.of((body, columns) -> RowsCsv.read(body, charset.get(), columns));
        }
        boolean json = type.is(MediaType.JSON) && charset.get().equals(StandardCharsets.UTF_8);
        return json ? Optional.of(ScoringJson::read) : Optional.empty();
    }

    private static Optional<Charset> charset(MediaType type) {
        try {
            return Optional.of(type.charset(StandardCharsets.UTF_8));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException | IllegalStateException unknown) {
            return Optional.empty();
        }
    }

    /** A body, read for each version by what that takes, so that a canary with other columns gets what it needs. */
    private static final class Body implements RequestRows {
        private final byte[] bytes;
        private final Form form;
        private final List<ModelSignature> signatures;

        /** Most often all versions take the same. */
        private volatile @Nullable Read last;

        private record Read(ModelSignature signature, Keyed rows) {}

        Body(byte[] bytes, Form form, Route route) {
            this.bytes = bytes;
            this.form = form;
            this.signatures = route.versions().stream()
                    .map(version -> version.runtime().signature())
                    .toList();
        }

        @Override
        public Keyed forVersion(WeightedVersion version) {
            ModelSignature signature = version.runtime().signature();
            Read known = last;
            if (known != null && known.signature().equals(signature)) {
                return known.rows();
            }
            Keyed rows = new Keyed(form.read(bytes, RequestColumns.of(signature, signatures)), List.of());
            last = new Read(signature, rows);
            return rows;
        }
    }
}
