package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.Registry;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.rows.ScoringSchema;
import java.util.Comparator;

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
                        Topic.ENDPOINTS, "JSON Schema of a request with rows as objects, and of the answer", SCHEMA),
                handlers::schema);
        routes.get(
                "/endpoints/{endpoint}/example",
                Operation.gives(Topic.ENDPOINTS, "A request to try it with", Operation.JSON)
                        .query("as", "records for /invocations, csv for the same, v2 for /v2/models/{model}/infer"),
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

    /** The version that answers most requests. */
    static WeightedVersion champion(Route route) {
        return route.versions().stream()
                .max(Comparator.comparingDouble(WeightedVersion::weight))
                .orElseThrow();
    }

    private HttpResponse schema(Call call) {
        Route route = route(router, call.path("endpoint"));
        WeightedVersion champion = champion(route);
        String schema = ScoringSchema.of(route.endpoint(), champion.version(), champion.signature())
                .toString();
        return HttpResponse.of(HttpStatus.OK, MediaType.parse(SCHEMA), schema);
    }

    private HttpResponse example(Call call) {
        Endpoint endpoint = registry.endpoints().load(call.path("endpoint"));
        EndpointExample example = examples.champion(endpoint)
                .map(examples::of)
                .orElseThrow(() -> new MillwrightException(
                        WebError.NO_SUCH_THING,
                        "endpoint: " + endpoint.name() + " serves nothing yet (expected: a version to try)."
                                + " Run a pipeline that deploys to it, or millwright deploy."));
        String form = call.query("as").orElse("records");
        return switch (form) {
            case "records" -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, example.records());
            case "v2" -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, example.request());
            case "csv" -> HttpResponse.of(HttpStatus.OK, MediaType.CSV_UTF_8, example.csv());
            default -> throw new InvalidInputException("as: " + form + " (expected: records, csv or v2)");
        };
    }
}
