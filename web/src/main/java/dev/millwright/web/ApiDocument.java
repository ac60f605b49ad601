package dev.millwright.web;

import com.linecorp.armeria.common.HttpMethod;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What every route says of itself. {@link ApiDocumentWriter} makes the OpenAPI document of it. Filled while the server is built,
 * read after.
 */
final class ApiDocument {
    /** A part of a path that is not fixed, as it is given to the server or as the server says it. */
    private static final Pattern PART = Pattern.compile(":\\*?(\\w+)|\\{\\*?(\\w+)}");

    private final Map<String, Operation> operations = new TreeMap<>();

    /** Says what a route does. */
    void describe(HttpMethod method, String path, Operation operation) {
        operations.put(key(method, path), operation);
    }

    /** {@code GET /runs/{run}}. */
    static String key(HttpMethod method, String path) {
        return method + " " + template(path);
    }

    /** The path as OpenAPI writes it: {@code /runs/{run}}. */
    static String template(String path) {
        return PART.matcher(path)
                .replaceAll(found -> "{" + Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2)) + "}");
    }

    /** The routes that say something of themselves. */
    Set<String> described() {
        return Set.copyOf(operations.keySet());
    }

    /** What a route does; the calls of MLflow's dialect need not say it. */
    Optional<Operation> find(HttpMethod method, String path) {
        return Optional.ofNullable(operations.get(key(method, path))).or(() -> MlflowOperations.find(path));
    }
}
