package dev.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.app.MlflowSource.SourceExperiment;
import dev.millwright.app.MlflowSource.SourceModel;
import dev.millwright.app.MlflowSource.SourceRun;
import dev.millwright.app.MlflowSource.SourceVersion;
import dev.millwright.registry.DatasetInput;
import dev.millwright.registry.Lifecycle;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.Metric;
import dev.millwright.registry.ModelMetric;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.RunModel;
import dev.millwright.registry.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the messages of MLflow's REST protocol. */
final class MlflowJson {
    private static final String DELETED = "deleted";

    private MlflowJson() {}

    static SourceExperiment experiment(JsonNode node) {
        Instant updated = time(node, "last_update_time").orElse(Instant.EPOCH);
        return new SourceExperiment(
                node.path("experiment_id").asText(),
                node.path("name").asText(),
                time(node, "creation_time").orElse(Instant.EPOCH),
                updated,
                isDeleted(node) ? Optional.of(updated) : Optional.empty(),
                pairs(node.path("tags")));
    }

    private static boolean isDeleted(JsonNode node) {
        return node.path("lifecycle_stage").asText().equals(DELETED);
    }

    static SourceRun run(JsonNode node) {
        JsonNode info = node.path("info");
        JsonNode data = node.path("data");
        Instant started = time(info, "start_time").orElse(Instant.EPOCH);
        Optional<Instant> ended = time(info, "end_time");
        Set<String> metrics = new HashSet<>();
        data.path("metrics").forEach(metric -> metrics.add(metric.path("key").asText()));
        return new SourceRun(
                text(info, "run_id").orElseGet(() -> info.path("run_uuid").asText()),
                info.path("run_name").asText(),
                info.path("user_id").asText(),
                status(info.path("status").asText()),
                started,
                ended,
                isDeleted(info) ? ended.or(() -> Optional.of(started)) : Optional.empty(),
                info.path("artifact_uri").asText(),
                pairs(data.path("params")),
                pairs(data.path("tags")),
                metrics,
                datasets(node.path("inputs")),
                models(node));
    }

    static RunStatus status(String status) {
        return switch (status.toUpperCase(Locale.ROOT)) {
            case "SCHEDULED" -> RunStatus.SCHEDULED;
            case "FINISHED" -> RunStatus.FINISHED;
            case "FAILED" -> RunStatus.FAILED;
            case "KILLED" -> RunStatus.KILLED;
            default -> RunStatus.RUNNING;
        };
    }

    private static List<DatasetInput> datasets(JsonNode inputs) {
        List<DatasetInput> datasets = new ArrayList<>();
        for (JsonNode input : inputs.path("dataset_inputs")) {
            JsonNode dataset = input.path("dataset");
            datasets.add(new DatasetInput(
                    dataset.path("name").asText(),
                    dataset.path("digest").asText(),
                    dataset.path("source_type").asText(),
                    dataset.path("source").asText(),
                    text(dataset, "schema"),
                    text(dataset, "profile"),
                    pairs(input.path("tags"))));
        }
        return datasets;
    }

    private static List<RunModel> models(JsonNode run) {
        List<RunModel> models = new ArrayList<>();
        run.path("inputs")
                .path("model_inputs")
                .forEach(model -> models.add(new RunModel(model.path("model_id").asText(), RunModel.Role.INPUT, 0)));
        run.path("outputs")
                .path("model_outputs")
                .forEach(model -> models.add(new RunModel(
                        model.path("model_id").asText(),
                        RunModel.Role.OUTPUT,
                        model.path("step").asLong())));
        return models;
    }

    static Metric metric(JsonNode node) {
        return new Metric(
                node.path("key").asText(),
                number(node.path("value")),
                Instant.ofEpochMilli(node.path("timestamp").asLong()),
                node.path("step").asLong());
    }

    /** NaN and infinities are texts. */
    private static double number(JsonNode value) {
        return value.isTextual() ? Double.parseDouble(value.asText()) : value.asDouble();
    }

    static SourceModel loggedModel(JsonNode node) {
        JsonNode info = node.path("info");
        String id = info.path("model_id").asText();
        List<LoggedModel.RunMetric> metrics = new ArrayList<>();
        for (JsonNode metric : node.path("data").path("metrics")) {
            metrics.add(new LoggedModel.RunMetric(
                    metric.path("run_id").asText(),
                    new ModelMetric(
                            metric(metric),
                            Optional.of(id),
                            text(metric, "dataset_name")
                                    .map(name -> new ModelMetric.DatasetKey(
                                            name, metric.path("dataset_digest").asText())))));
        }
        Instant created = time(info, "creation_timestamp_ms").orElse(Instant.EPOCH);
        return new SourceModel(new LoggedModel(
                id,
                info.path("experiment_id").asText(),
                info.path("name").asText(),
                info.path("model_type").asText(),
                text(info, "source_run_id"),
                info.path("artifact_uri").asText(),
                switch (info.path("status").asText()) {
                    case "LOGGED_MODEL_READY" -> LoggedModel.Status.READY;
                    case "LOGGED_MODEL_UPLOAD_FAILED" -> LoggedModel.Status.UPLOAD_FAILED;
                    default -> LoggedModel.Status.PENDING;
                },
                info.path("status_message").asText(),
                created,
                time(info, "last_updated_timestamp_ms").orElse(created),
                Lifecycle.ACTIVE,
                pairs(node.path("data").path("params")),
                pairs(info.path("tags")),
                metrics,
                List.of()));
    }

    static RegisteredModel registeredModel(JsonNode node) {
        Map<String, Integer> aliases = new HashMap<>();
        node.path("aliases")
                .forEach(alias -> aliases.put(
                        alias.path("alias").asText(), alias.path("version").asInt()));
        Instant created = time(node, "creation_timestamp").orElse(Instant.EPOCH);
        return new RegisteredModel(
                node.path("name").asText(),
                created,
                time(node, "last_updated_timestamp").orElse(created),
                node.path("description").asText(),
                aliases,
                pairs(node.path("tags")));
    }

    static SourceVersion version(JsonNode node) {
        Instant created = time(node, "creation_timestamp").orElse(Instant.EPOCH);
        String source = node.path("source").asText();
        return new SourceVersion(
                node.path("version").asInt(),
                source,
                text(node, "run_id"),
                text(node, "model_id").or(() -> loggedModel(source)),
                node.path("run_link").asText(),
                node.path("description").asText(),
                node.path("user_id").asText(),
                text(node, "current_stage").orElse("None"),
                created,
                time(node, "last_updated_timestamp").orElse(created),
                pairs(node.path("tags")));
    }

    /** The id in {@code models:/m-…}. */
    static Optional<String> loggedModel(String source) {
        return source.startsWith("models:/m-") ? Optional.of(source.substring("models:/".length())) : Optional.empty();
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field).asText("")).filter(text -> !text.isEmpty());
    }

    private static Optional<Instant> time(JsonNode node, String field) {
        long millis = node.path(field).asLong();
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static Map<String, String> pairs(JsonNode list) {
        Map<String, String> pairs = new HashMap<>();
        list.forEach(
                pair -> pairs.put(pair.path("key").asText(), pair.path("value").asText()));
        return pairs;
    }
}
