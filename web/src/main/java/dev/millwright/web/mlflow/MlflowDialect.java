package dev.millwright.web.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import dev.millwright.registry.Registry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * Hangs MLflow's calls up at a server: experiments, runs, logged models, artifacts and the model registry. Calls of its other
 * products are answered with the protocol's "not implemented".
 */
public final class MlflowDialect {
    /** The release whose protocol is spoken; clients choose their own features by it. */
    public static final String RELEASE = "3.11.1";

    /** Products of MLflow's own, by the beginnings of their paths. */
    private static final List<String> OTHERS = List.of(
            "/2.0/mlflow/traces",
            "/2.0/mlflow/unified-traces",
            "/2.0/mlflow/get-online-trace-details",
            "/2.0/mlflow/webhooks",
            "/2.0/mlflow/artifacts/presigned-upload-url",
            "/2.0/mlflow-artifacts/presigned",
            "/3.0/mlflow/traces",
            "/3.0/mlflow/datasets",
            "/3.0/mlflow/gateway",
            "/3.0/mlflow/issues",
            "/3.0/mlflow/prompt-optimization",
            "/3.0/mlflow/scorers",
            "/3.0/mlflow/workspaces");

    /** Where predictions are asked for; a query may follow. */
    private static final Pattern SCORING = Pattern.compile("/endpoints/[^/?]+/invocations(?![^?])");

    private static final List<HttpMethod> METHODS =
            List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private MlflowDialect() {}

    /**
     * Adds the routes.
     *
     * @param threads where calls run that block
     * @param promotion what the alias {@code champion} does
     */
    public static void add(
            ServerBuilder builder, Executor threads, Registry registry, Promotion promotion, InstantSource clock) {
        Surface surface = new Surface(builder, threads);
        ExperimentCalls.add(surface, registry);
        RunCalls.add(surface, registry, clock);
        LoggedModelCalls.add(surface, registry, clock);
        ArtifactCalls.add(surface, registry);
        MultipartCalls.add(surface, registry);
        ModelCalls.add(surface, registry, promotion);
        builder.service(
                Route.builder().methods(HttpMethod.GET).path("/version").build(),
                (context, request) -> HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, RELEASE));
        builder.service(
                Route.builder().methods(HttpMethod.GET).path("/health").build(),
                (context, request) -> HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, "OK"));
        surface.get(
                "/3.0/mlflow/server-info",
                call -> Answers.respond(
                        Answers.object().put("store_type", "SqlStore").put("workspaces_enabled", false)));
        OTHERS.forEach(prefix -> refuse(surface, prefix));
    }

    /** Whether clients of the protocol ask under this path, so that errors have to be in its shape. */
    public static boolean speaksAt(String path) {
        return path.startsWith("/api/2.")
                || path.startsWith("/api/3.")
                || path.startsWith("/ajax-api/")
                || SCORING.matcher(path).lookingAt();
    }

    /** Whether this path is one of MLflow's other products. */
    public static boolean refuses(String path) {
        String call = path.replaceFirst("^/(ajax-)?api", "");
        return OTHERS.stream().anyMatch(call::startsWith);
    }

    /** The answer to a request that reached no call of the protocol. */
    public static AggregatedHttpResponse refusal(HttpStatus status, String message) {
        return AggregatedHttpResponse.of(status, MediaType.JSON, Answers.bytes(error(status, message)));
    }

    /** The same where it is not known who asks: with the field that other programs read. */
    public static AggregatedHttpResponse refusalToAnybody(HttpStatus status, String message) {
        return AggregatedHttpResponse.of(
                status, MediaType.JSON, Answers.bytes(error(status, message).put("error", message)));
    }

    private static ObjectNode error(HttpStatus status, String message) {
        String code = switch (status.code()) {
            case 401 -> Refusal.Code.UNAUTHENTICATED.name();
            case 403 -> Refusal.Code.PERMISSION_DENIED.name();
            case 404, 405 -> Refusal.Code.ENDPOINT_NOT_FOUND.name();
            case 409 -> Refusal.Code.RESOURCE_CONFLICT.name();
            case 429 -> Refusal.Code.REQUEST_LIMIT_EXCEEDED.name();
            case 500 -> Refusal.Code.INTERNAL_ERROR.name();
            case 503, 507 -> Refusal.Code.TEMPORARILY_UNAVAILABLE.name();
            default -> Refusal.Code.BAD_REQUEST.name();
        };
        return Answers.object().put("error_code", code).put("message", message);
    }

    private static void refuse(Surface surface, String prefix) {
        for (HttpMethod method : METHODS) {
            for (String path : List.of(prefix, prefix + "/{*rest}")) {
                surface.raw(
                        method,
                        path,
                        (context, request) -> Answers.refuse(new Refusal(
                                Refusal.Code.NOT_IMPLEMENTED,
                                context.method() + " " + context.path() + " is not implemented by Millwright")));
            }
        }
    }
}
