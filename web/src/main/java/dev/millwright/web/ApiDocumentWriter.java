package dev.millwright.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import dev.millwright.web.access.AccessControl.Rule;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the OpenAPI document: every route of the server, what it does, and what it asks of its callers. Every GET is a HEAD, too,
 * which the document doesn't repeat. For one document; for one thread.
 */
final class ApiDocumentWriter {
    private static final String OPENAPI = "3.1.0";
    private static final String RESPONSES = "#/components/responses/";
    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

    /** What the parts of paths are; others have no more to say than their name. */
    private static final Map<String, String> PARTS = Map.of(
            "endpoint", "The name of an endpoint.",
            "model", "The name of a model; of an endpoint where predictions are asked for.",
            "version", "The number of a version.",
            "run", "The id of a run.",
            "user", "The name of a user.",
            "token", "The id of a token.",
            "path", "The path of a file, slashes included.",
            "rest", "Whatever follows, slashes included.");

    private final ApiDocument described;
    private final RecordSchemas schemas = new RecordSchemas();
    private final ObjectNode document = Json.MAPPER.createObjectNode();

    ApiDocumentWriter(ApiDocument described) {
        this.described = described;
    }

    /** What programs read when something went wrong. */
    private record Failure(String error, Optional<List<Failures.ProblemAnswer>> problems) {}

    /** The same for MLflow's clients. */
    private record MlflowFailure(String errorCode, String message) {}

    /**
     * Writes the document.
     *
     * @param version of the program
     * @param rules every route, and what it asks for
     * @param open those that nobody has to say for who it is
     */
    ObjectNode write(String version, List<Rule> rules, List<Rule> open) {
        document.put("openapi", OPENAPI);
        ObjectNode info = document.putObject("info");
        info.put("title", "Millwright").put("version", version);
        info.put(
                "description",
                "What a Millwright server answers. The columns of an endpoint are at /endpoints/{endpoint}/schema.");
        info.putObject("license").put("name", "Apache License 2.0").put("identifier", "Apache-2.0");
        document.putArray("servers").addObject().put("url", "/");
        ArrayNode tags = document.putArray("tags");
        for (Topic topic : Topic.values()) {
            tags.addObject().put("name", topic.label()).put("description", topic.meaning());
        }
        ObjectNode paths = document.putObject("paths");
        rules.stream()
                .filter(rule -> rule.method() != HttpMethod.HEAD)
                .sorted(Comparator.comparing(rule -> ApiDocument.key(rule.method(), rule.pattern())))
                .forEach(rule -> described.find(rule.method(), rule.pattern()).ifPresent(operation -> {
                    ObjectNode written = writeRoute(paths, rule, operation);
                    if (open.contains(rule)) {
                        written.putArray("security");
                    }
                }));
        ArrayNode security = document.putArray("security");
        security.addObject().putArray("token");
        security.addObject().putArray("password");
        writeComponents(document.putObject("components"));
        return document;
    }

    private ObjectNode writeRoute(ObjectNode paths, Rule rule, Operation operation) {
        String path = ApiDocument.template(rule.pattern());
        ObjectNode written =
                paths.withObjectProperty(path).putObject(rule.method().name().toLowerCase(Locale.ROOT));
        written.putArray("tags").add(operation.topic().label());
        written.put("summary", operation.summary());
        written.put("description", "Permission: " + rule.permission().name().toLowerCase(Locale.ROOT) + ".");
        written.put("operationId", operationId(rule.method(), path));
        ArrayNode parameters = parameters(path, operation);
        if (!parameters.isEmpty()) {
            written.set("parameters", parameters);
        }
        if (!operation.requests().isEmpty()) {
            ObjectNode content =
                    written.putObject("requestBody").put("required", true).putObject("content");
            operation.requests().forEach(request -> writeContent(content, request));
        }
        ObjectNode responses = written.putObject("responses");
        ObjectNode answer = responses.putObject(Integer.toString(operation.status()));
        answer.put("description", operation.summary());
        writeContent(answer.putObject("content"), operation.answer());
        responses
                .putObject("default")
                .put("$ref", RESPONSES + (operation.topic().speaksMlflow() ? "MlflowFailure" : "Failure"));
        return written;
    }

    private ArrayNode parameters(String path, Operation operation) {
        ArrayNode parameters = Json.MAPPER.createArrayNode();
        Matcher parts = PART.matcher(path);
        while (parts.find()) {
            String name = parts.group(1);
            ObjectNode parameter = parameters.addObject();
            parameter.put("name", name).put("in", "path").put("required", true);
            if (PARTS.containsKey(name)) {
                parameter.put("description", PARTS.get(name));
            }
            parameter.putObject("schema").put("type", "string");
        }
        for (Operation.Parameter known : operation.parameters()) {
            ObjectNode parameter = parameters.addObject();
            parameter.put("name", known.name()).put("in", "query").put("description", known.meaning());
            parameter.set("schema", schemas.of(known.type()));
        }
        return parameters;
    }

    private void writeContent(ObjectNode into, Operation.Content content) {
        ObjectNode written = into.putObject(content.mediaType());
        content.type().ifPresent(type -> {
            ObjectNode schema = schemas.of(type);
            switch (content.amount()) {
                case ONE -> written.set("schema", schema);
                case ONE_OR_MORE -> {
                    ArrayNode either = written.putObject("schema").putArray("anyOf");
                    either.add(schema);
                    either.addObject().put("type", "array").set("items", schema);
                }
            }
        });
    }

    /** {@code getApiV1RunsByRun}. */
    private static String operationId(HttpMethod method, String path) {
        String end = path.length() > 1 && path.endsWith("/") ? "Slash" : "";
        return Pattern.compile("\\W+|_")
                .splitAsStream(PART.matcher(path).replaceAll("By_$1"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining("", method.name().toLowerCase(Locale.ROOT), end));
    }

    private void writeComponents(ObjectNode components) {
        ObjectNode responses = components.putObject("responses");
        writeFailure(responses.putObject("Failure"), Failure.class);
        writeFailure(responses.putObject("MlflowFailure"), MlflowFailure.class);
        ObjectNode doors = components.putObject("securitySchemes");
        doors.putObject("token")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "A token of a user, or the one in the home's owner.json.");
        doors.putObject("password").put("type", "http").put("scheme", "basic");
        components.putObject("schemas").setAll(schemas.schemas());
    }

    private void writeFailure(ObjectNode response, Class<?> type) {
        response.put("description", "What is wrong, and what to do.");
        response.putObject("content").putObject(Operation.JSON).set("schema", schemas.of(type));
    }
}
