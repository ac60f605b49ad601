package dev.millwright.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.serving.ModelDescription;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.protocol.InferenceSchema;
import dev.millwright.serving.rows.ScoringSchema;

/** What a program needs to know before it asks an endpoint: the form of requests and answers, and a request that works. */
final class EndpointRoutes {
    private static final String SCHEMA = "application/schema+json";

    private final Router router;
    private final Registry registry;
    private final EndpointExamples examples;

    private EndpointRoutes(Router router, Registry registry, EndpointExamples examples) {
        this.router = router;
        this.registry = registry;
        this.examples = examples;
    }

    static void add(Routes routes, Router router, Registry registry, EndpointExamples examples) {
        EndpointRoutes handlers = new EndpointRoutes(router, registry, examples);
        routes.get(
                "/endpoints/{endpoint}/schema",
                Operation.gives(
                        Topic.ENDPOINTS,
                        "JSON Schema of a request with rows as objects, or with tensors where the model takes them, and of the"
                                + " answer",
                        SCHEMA),
                handlers::schema);
        routes.get(
                "/endpoints/{endpoint}/example",
                Operation.gives(Topic.ENDPOINTS, "A request to try it with", Operation.JSON)
                        .query(
                                "as",
                                "records for /invocations, csv for the same, v2 for /v2/models/{model}/infer, which is all that"
                                        + " a model of tensors has"),
                handlers::example);
    }

    /** The route of an endpoint that serves. */
    static Route route(Router router, String endpoint) {
        return router.find(endpoint)
                .orElseThrow(() -> new MillwrightException(
                        WebError.NO_SUCH_THING,
                        "endpoint: " + endpoint + " does not serve (expected: one that does)."
                                + Words.suggestion(
                                        endpoint,
                                        router.list().stream()
                                                .map(Route::endpoint)
                                                .toList())));
    }

    private HttpResponse schema(Call call) {
        Route route = route(router, call.path("endpoint"));
        WeightedVersion champion = route.champion();
        ObjectNode schema = champion.source().features().isPresent()
                ? ScoringSchema.of(route.endpoint(), champion.version(), champion.signature())
                : tensors(route.endpoint(), champion.version());
        return HttpResponse.of(HttpStatus.OK, MediaType.parse(SCHEMA), schema.toString());
    }

    private ObjectNode tensors(String endpoint, int version) {
        ModelDescription description = TensorExample.describe(router, endpoint, version);
        return InferenceSchema.of(endpoint, version, description.inputs(), description.outputs());
    }

    private HttpResponse example(Call call) {
        Endpoint endpoint = registry.endpoints().load(call.path("endpoint"));
        ModelVersion champion = examples.champion(endpoint)
                .orElseThrow(() -> new MillwrightException(
                        WebError.NO_SUCH_THING,
                        "endpoint: " + endpoint.name() + " serves nothing yet (expected: a version to try)."
                                + " Run a pipeline that deploys to it, or millwright deploy."));
        return champion.takesTensors() ? tensorExample(call, champion.version()) : example(call, examples.of(champion));
    }

    private HttpResponse tensorExample(Call call, int version) {
        String endpoint = call.path("endpoint");
        String form = call.query("as").orElse("v2");
        if (!form.equals("v2")) {
            throw new InvalidInputException("as: " + form + " (expected: v2, for " + endpoint + " takes tensors)");
        }
        String request = TensorExample.request(TensorExample.describe(router, endpoint, version))
                .orElseThrow(() -> new MillwrightException(
                        WebError.NO_SUCH_THING,
                        "example: of " + endpoint + " would have more than " + TensorExample.MOST_ELEMENTS
                                + " elements (expected: fewer). What it takes is at /v2/models/" + endpoint + "."));
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, request);
    }

    private static HttpResponse example(Call call, EndpointExample example) {
        String form = call.query("as").orElse("records");
        return switch (form) {
            case "records" -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, example.records());
            case "v2" -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, example.request());
            case "csv" -> HttpResponse.of(HttpStatus.OK, MediaType.CSV_UTF_8, example.csv());
            default -> throw new InvalidInputException("as: " + form + " (expected: records, csv or v2)");
        };
    }
}
