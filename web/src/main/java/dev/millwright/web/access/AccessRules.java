package dev.millwright.web.access;

import static com.linecorp.armeria.common.HttpMethod.DELETE;
import static com.linecorp.armeria.common.HttpMethod.GET;
import static com.linecorp.armeria.common.HttpMethod.PATCH;
import static com.linecorp.armeria.common.HttpMethod.POST;
import static com.linecorp.armeria.common.HttpMethod.PUT;

import com.linecorp.armeria.common.HttpMethod;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What each route asks of its callers: the first rule that fits counts. A route that no rule fits stops the start of the server, so
 * that a new one cannot be left open by oversight.
 */
final class AccessRules {
    private static final Set<HttpMethod> READING = EnumSet.of(GET, HttpMethod.HEAD);
    private static final Set<HttpMethod> WRITING = EnumSet.of(POST, PUT, PATCH, DELETE);

    private static final String GRPC = "/inference.GRPCInferenceService/";
    private static final String GRPC_HEALTH = "/grpc.health.v1.Health/";

    private static final List<Rule> RULES = List.of(
            rule(READING, "/static/**", Permission.OPEN),
            rule(READING, "/login/**", Permission.OPEN),
            rule(WRITING, "/login", Permission.OPEN),
            rule(READING, "/healthz", Permission.OPEN),
            rule(READING, "/readyz", Permission.OPEN),
            rule(READING, "/health", Permission.OPEN),
            rule(READING, "/version", Permission.OPEN),
            rule(READING, "/v2/health/**", Permission.OPEN),
            // What a user may do with the own account.
            rule(WRITING, "/logout", Permission.KNOWN),
            rule(READING, "/account", Permission.KNOWN),
            rule(WRITING, "/account/**", Permission.KNOWN),
            rule(READING, "/api/v1/me", Permission.KNOWN),
            rule(READING, "/api/v1/tokens", Permission.KNOWN),
            rule(WRITING, "/api/v1/tokens/**", Permission.KNOWN),
            // Who may do what.
            rule(READING, "/users", Permission.ADMINISTER),
            rule(WRITING, "/users/**", Permission.ADMINISTER),
            rule(READING, "/api/v1/users/**", Permission.ADMINISTER),
            rule(WRITING, "/api/v1/users/**", Permission.ADMINISTER),
            // Predictions, over REST and over gRPC, whose calls are all sent with POST.
            rule(Set.of(POST), "/v2/repository/index", Permission.KNOWN),
            rule(Set.of(POST), "/v2/repository/**", Permission.DEPLOY),
            rule(Set.of(POST), GRPC + "ServerLive", Permission.OPEN),
            rule(Set.of(POST), GRPC + "ServerReady", Permission.OPEN),
            rule(Set.of(POST), GRPC_HEALTH + "Check", Permission.OPEN),
            // It stays open for as long as the client likes, so not for strangers.
            rule(Set.of(POST), GRPC_HEALTH + "Watch", Permission.KNOWN),
            rule(Set.of(POST), GRPC + "RepositoryModelLoad", Permission.DEPLOY),
            rule(Set.of(POST), GRPC + "RepositoryModelUnload", Permission.DEPLOY),
            rule(Set.of(POST), GRPC + "ModelInfer", Permission.PREDICT),
            rule(Set.of(POST), GRPC + "ModelStreamInfer", Permission.PREDICT),
            rule(Set.of(POST), GRPC + "*", Permission.KNOWN),
            rule(READING, "/v2/**", Permission.KNOWN),
            rule(WRITING, "/v2/**", Permission.PREDICT),
            rule(WRITING, "/endpoints/*/events", Permission.PREDICT),
            rule(WRITING, "/endpoints/*/feedback", Permission.PREDICT),
            rule(WRITING, "/endpoints/*/invocations", Permission.PREDICT),
            rule(WRITING, "/endpoints/*/jobs/**", Permission.PREDICT),
            rule(READING, "/endpoints/*/jobs/**", Permission.PREDICT),
            rule(READING, "/endpoints/*/ping", Permission.KNOWN),
            rule(READING, "/endpoints/*/health", Permission.KNOWN),
            rule(READING, "/endpoints/*/version", Permission.KNOWN),
            rule(READING, "/endpoints/*/schema", Permission.KNOWN),
            rule(READING, "/api/2.0/endpoints/**", Permission.KNOWN),
            rule(WRITING, "/endpoints/*/try", Permission.PREDICT),
            // What serves, and what runs.
            rule(WRITING, "/endpoints/**", Permission.DEPLOY),
            rule(WRITING, "/models/**", Permission.DEPLOY),
            rule(WRITING, "/runs/**", Permission.DEPLOY),
            rule(READING, "/api/v1/runs/*/events", Permission.CONTROL),
            rule(WRITING, "/api/v1/reset", Permission.EDIT),
            rule(WRITING, "/api/v1/**", Permission.CONTROL),
            // MLflow's calls, in whichever version: some only read, though they are sent with POST.
            rule(READING, "/api/v1/**", Permission.VIEW),
            rule(Set.of(POST), "/*/*/mlflow/runs/search", Permission.VIEW),
            rule(Set.of(POST), "/*/*/mlflow/experiments/search", Permission.VIEW),
            rule(Set.of(POST), "/*/*/mlflow/experiments/search-datasets", Permission.VIEW),
            rule(Set.of(POST), "/*/*/mlflow/logged-models/search", Permission.VIEW),
            rule(Set.of(POST), "/*/*/mlflow/registered-models/get-latest-versions", Permission.VIEW),
            rule(READING, "/*/*/mlflow/server-info", Permission.KNOWN),
            rule(READING, "/*/*/mlflow/**", Permission.VIEW),
            rule(WRITING, "/*/*/mlflow/**", Permission.EDIT),
            rule(READING, "/*/*/mlflow-artifacts/**", Permission.VIEW),
            rule(WRITING, "/*/*/mlflow-artifacts/**", Permission.EDIT),
            rule(READING, "/get-artifact", Permission.VIEW),
            rule(READING, "/model-versions/get-artifact", Permission.VIEW),
            // Pages and what programs read.
            rule(READING, "/", Permission.VIEW),
            rule(READING, "/runs/**", Permission.VIEW),
            rule(READING, "/experiments/**", Permission.VIEW),
            rule(READING, "/compare/**", Permission.VIEW),
            rule(READING, "/datasets/**", Permission.VIEW),
            rule(READING, "/models/**", Permission.VIEW),
            rule(READING, "/endpoints/**", Permission.VIEW),
            rule(READING, "/timeline", Permission.VIEW),
            rule(READING, "/events", Permission.VIEW),
            rule(READING, "/openapi.json", Permission.KNOWN),
            rule(READING, "/metrics", Permission.VIEW));

    private AccessRules() {}

    /** Routes that fit {@code path}: {@code *} is any one segment, {@code **} at the end any number, none included. */
    private record Rule(Set<HttpMethod> methods, List<String> path, Permission permission) {
        boolean fits(HttpMethod method, List<String> route) {
            if (!methods.contains(method)) {
                return false;
            }
            for (int i = 0; i < path.size(); i++) {
                if (path.get(i).equals("**")) {
                    return true;
                }
                if (i >= route.size()
                        || !(path.get(i).equals("*") || path.get(i).equals(route.get(i)))) {
                    return false;
                }
            }
            return path.size() == route.size();
        }
    }

    private static Rule rule(Set<HttpMethod> methods, String path, Permission permission) {
        return new Rule(methods, segments(path), permission);
    }

    /** What a route asks for; a parameter of its pattern fits {@code *} and {@code **} only. */
    static Optional<Permission> find(HttpMethod method, String pattern) {
        List<String> route = segments(pattern);
        return RULES.stream()
                .filter(rule -> rule.fits(method, route))
                .map(Rule::permission)
                .findFirst();
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/"));
    }
}
