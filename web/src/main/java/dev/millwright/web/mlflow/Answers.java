package dev.millwright.web.mlflow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.millwright.registry.DatasetInput;
import dev.millwright.registry.Experiment;
import dev.millwright.registry.Lifecycle;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.Metric;
import dev.millwright.registry.ModelMetric;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Page;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunModel;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.Tracking.FullRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The messages of the protocol, as JSON: unset fields left out, times in milliseconds, doubles that JSON can't hold as texts. */
final class Answers {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Answers() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static HttpResponse respond(ObjectNode body) {
        return respond(HttpStatus.OK, body);
    }

    static HttpResponse empty() {
        return respond(object());
    }

    /** One thing, in a field. */
    static HttpResponse one(String field, ObjectNode thing) {
        ObjectNode answer = object();
        answer.set(field, thing);
        return respond(answer);
    }

    /** Part of a list, in a field, and where the rest begins. */
    static <T> HttpResponse page(String field, Page<T> page, Function<T, ObjectNode> written) {
        ObjectNode answer = object();
        ArrayNode found = answer.putArray(field);
        page.items().forEach(item -> found.add(written.apply(item)));
        page.next().ifPresent(next -> answer.put("next_page_token", next));
        return respond(answer);
    }

    static HttpResponse respond(HttpStatus status, ObjectNode body) {
        return HttpResponse.of(status, MediaType.JSON, bytes(body));
    }

    static HttpData bytes(ObjectNode body) {
        try {
            return HttpData.wrap(MAPPER.writeValueAsBytes(body));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("cannot write JSON", impossible);
        }
    }

    static HttpResponse refuse(Refusal refusal) {
        return respond(
                refusal.code().status(),
                object().put("error_code", refusal.code().name()).put("message", refusal.text()));
    }

    private static long millis(Instant time) {
        return time.toEpochMilli();
    }

    private static String lifecycle(Lifecycle lifecycle) {
        return lifecycle.name().toLowerCase(Locale.ROOT);
    }

    private static void putTags(ObjectNode object, String field, Map<String, String> tags) {
        ArrayNode array = object.putArray(field);
        tags.forEach((key, value) -> array.addObject().put("key", key).put("value", value));
    }

    static ObjectNode experiment(Experiment experiment) {
        ObjectNode object = object().put("experiment_id", experiment.id())
                .put("name", experiment.name())
                .put("artifact_location", experiment.artifactLocation())
                .put("lifecycle_stage", lifecycle(experiment.lifecycle()))
                .put("last_update_time", millis(experiment.updated()))
                .put("creation_time", millis(experiment.created()));
        putTags(object, "tags", experiment.tags());
        return object;
    }

    static ObjectNode runInfo(Run run) {
        ObjectNode info = object().put("run_uuid", run.id())
                .put("experiment_id", run.experimentId())
                .put("run_name", run.name())
                .put("user_id", run.user())
                .put("status", status(run.status()))
                .put("start_time", millis(run.started()));
        run.ended().ifPresent(ended -> info.put("end_time", millis(ended)));
        return info.put("artifact_uri", run.artifactUri())
                .put("lifecycle_stage", lifecycle(run.lifecycle()))
                .put("run_id", run.id());
    }

    /** The protocol knows neither interrupted runs nor refused ones. */
    private static String status(RunStatus status) {
        return switch (status) {
            case SCHEDULED, RUNNING, FINISHED, FAILED, KILLED -> status.name();
            case INTERRUPTED, REFUSED -> RunStatus.FAILED.name();
        };
    }

    static ObjectNode run(FullRun full) {
        ObjectNode run = object();
        run.set("info", runInfo(full.run()));
        ObjectNode data = run.putObject("data");
        ArrayNode metrics = data.putArray("metrics");
        full.details().metrics().values().forEach(metric -> metrics.add(metric(metric)));
        putTags(data, "params", full.details().params());
        putTags(data, "tags", full.details().tags());
        ObjectNode inputs = run.putObject("inputs");
        ArrayNode datasets = inputs.putArray("dataset_inputs");
        full.datasets().forEach(input -> datasets.add(datasetInput(input)));
        ArrayNode taken = inputs.putArray("model_inputs");
        ArrayNode made = run.putObject("outputs").putArray("model_outputs");
        for (RunModel model : full.models()) {
            switch (model.role()) {
                case INPUT -> taken.addObject().put("model_id", model.modelId());
                case OUTPUT -> made.addObject().put("model_id", model.modelId()).put("step", model.step());
            }
        }
        return run;
    }

    static ObjectNode datasetInput(DatasetInput input) {
        ObjectNode object = object();
        putTags(object, "tags", input.tags());
        ObjectNode dataset = object.putObject("dataset")
                .put("name", input.name())
                .put("digest", input.digest())
                .put("source_type", input.sourceType())
                .put("source", input.source());
        input.schema().ifPresent(schema -> dataset.put("schema", schema));
        input.profile().ifPresent(profile -> dataset.put("profile", profile));
        return object;
    }

    static ObjectNode metric(Metric metric) {
        ObjectNode object = object().put("key", metric.key());
        putNumber(object, "value", metric.value());
        return object.put("timestamp", millis(metric.timestamp())).put("step", metric.step());
    }

    /** The values of a metric; there may be many, so they are written without a tree in between. */
    static HttpResponse metrics(Page<Metric> page) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(page.items().size() * 90 + 100);
        try (JsonGenerator generator = MAPPER.getFactory().createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeArrayFieldStart("metrics");
            for (Metric metric : page.items()) {
                generator.writeStartObject();
                generator.writeStringField("key", metric.key());
                if (Double.isFinite(metric.value())) {
                    generator.writeNumberField("value", metric.value());
                } else {
                    generator.writeStringField("value", Double.toString(metric.value()));
                }
                generator.writeNumberField("timestamp", millis(metric.timestamp()));
                generator.writeNumberField("step", metric.step());
                generator.writeEndObject();
            }
            generator.writeEndArray();
            if (page.next().isPresent()) {
                generator.writeStringField("next_page_token", page.next().get());
            }
            generator.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(bytes.toByteArray()));
    }

    private static void putNumber(ObjectNode object, String field, double value) {
        if (Double.isNaN(value)) {
            object.put(field, "NaN");
        } else if (Double.isInfinite(value)) {
            object.put(field, value > 0 ? "Infinity" : "-Infinity");
        } else {
            object.put(field, value);
        }
    }

    static ObjectNode loggedModel(LoggedModel model) {
        ObjectNode object = object();
        ObjectNode info = object.putObject("info")
                .put("model_id", model.id())
                .put("experiment_id", model.experimentId())
                .put("name", model.name())
                .put("creation_timestamp_ms", millis(model.created()))
                .put("last_updated_timestamp_ms", millis(model.updated()))
                .put("artifact_uri", model.artifactUri())
                .put("status", "LOGGED_MODEL_" + model.status().name())
                .put("model_type", model.modelType());
        model.sourceRunId().ifPresent(run -> info.put("source_run_id", run));
        if (!model.statusMessage().isEmpty()) {
            info.put("status_message", model.statusMessage());
        }
        putTags(info, "tags", model.tags());
        ArrayNode registrations = info.putArray("registrations");
        for (String registration : model.registrations()) {
            int slash = registration.lastIndexOf('/');
            registrations
                    .addObject()
                    .put("name", registration.substring(0, slash))
                    .put("version", registration.substring(slash + 1));
        }
        ObjectNode data = object.putObject("data");
        putTags(data, "params", model.params());
        ArrayNode metrics = data.putArray("metrics");
        model.metrics().forEach(measured -> metrics.add(metric(measured)));
        return object;
    }

    private static ObjectNode metric(LoggedModel.RunMetric measured) {
        ModelMetric metric = measured.metric();
        ObjectNode object = metric(metric.metric());
        metric.dataset()
                .ifPresent(
                        dataset -> object.put("dataset_name", dataset.name()).put("dataset_digest", dataset.digest()));
        metric.modelId().ifPresent(id -> object.put("model_id", id));
        return object.put("run_id", measured.runId());
    }

    static ObjectNode registeredModel(RegisteredModel model, List<ModelVersion> latest) {
        ObjectNode object = object().put("name", model.name())
                .put("creation_timestamp", millis(model.created()))
                .put("last_updated_timestamp", millis(model.updated()))
                .put("description", model.description());
        if (!latest.isEmpty()) {
            ArrayNode versions = object.putArray("latest_versions");
            latest.forEach(version -> versions.add(modelVersion(version)));
        }
        putTags(object, "tags", model.tags());
        ArrayNode aliases = object.putArray("aliases");
        model.aliases()
                .forEach((alias, version) ->
                        aliases.addObject().put("alias", alias).put("version", Integer.toString(version)));
        return object;
    }

    static ObjectNode modelVersion(ModelVersion version) {
        ObjectNode object = object().put("name", version.model())
                .put("version", Integer.toString(version.version()))
                .put("creation_timestamp", millis(version.created()))
                .put("last_updated_timestamp", millis(version.registration().updated()))
                .put("user_id", version.registration().user())
                .put("current_stage", version.registration().stage())
                .put("description", version.registration().description())
                .put("source", version.registration().source())
                .put("run_id", version.runId().orElse(""))
                .put("status", "READY");
        putTags(object, "tags", version.tags());
        object.put("run_link", version.registration().runLink());
        ArrayNode aliases = object.putArray("aliases");
        version.aliases().forEach(aliases::add);
        version.registration().loggedModelId().ifPresent(id -> object.put("model_id", id));
        return object;
    }
}
