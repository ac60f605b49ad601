package dev.millwright.web.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.registry.DatasetInput;
import dev.millwright.registry.LogBatch;
import dev.millwright.registry.Metric;
import dev.millwright.registry.ModelMetric;
import dev.millwright.registry.Page;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunChange;
import dev.millwright.registry.RunDetails;
import dev.millwright.registry.RunModel;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.TrackedRun;
import dev.millwright.registry.Tracking;
import dev.millwright.registry.Tracking.FullRun;
import dev.millwright.web.mlflow.Surface.Call;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Calls about runs and what is logged to them. */
final class RunCalls {
    private static final int PAGE = 1_000;
    private static final int LARGEST_PAGE = 50_000;
    private static final int MOST_METRICS = 1_000;
    private static final int MOST_OTHERS = 100;
    private static final int MOST_TOGETHER = 1_000;
    private static final int MOST_INPUTS = 1_000;
    private static final int HISTORY = 25_000;
    private static final String USER_TAG = "mlflow.user";
    private static final String LOGGED_MODELS_TAG = "mlflow.log-model.history";

    private final Registry registry;
    private final Tracking tracking;
    private final InstantSource clock;
    private final RunNames names;

    private RunCalls(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.tracking = registry.tracking();
        this.clock = clock;
        this.names = new RunNames(clock.millis());
    }

    static void add(Surface surface, Registry registry, InstantSource clock) {
        RunCalls calls = new RunCalls(registry, clock);
        String at = "/2.0/mlflow/runs/";
        surface.post(at + "create", calls::create);
        surface.get(at + "get", calls::get);
        surface.post(at + "update", calls::update);
        surface.post(at + "delete", calls::delete);
        surface.post(at + "restore", calls::restore);
        surface.post(at + "search", calls::search);
        surface.post(at + "log-metric", calls::logMetric);
        surface.post(at + "log-parameter", calls::logParam);
        surface.post(at + "set-tag", calls::setTag);
        surface.post(at + "delete-tag", calls::deleteTag);
        surface.post(at + "log-batch", calls::logBatch);
        surface.post(at + "log-model", calls::logModel);
        surface.post(at + "log-inputs", calls::logInputs);
        surface.post(at + "outputs", calls::logOutputs);
        surface.get("/2.0/mlflow/metrics/get-history", calls::history);
        surface.get("/2.0/mlflow/metrics/get-history-bulk", calls::historyBulk);
        surface.get("/2.0/mlflow/metrics/get-history-bulk-interval", calls::historyInterval);
        surface.get("/2.11/mlflow/metrics/get-history-bulk-interval", calls::historyInterval);
    }

    private HttpResponse create(Call call) {
        Fields fields = call.fields();
        Map<String, String> tags = Tags.read(fields, "tags", Tags.LONGEST_RUN_VALUE);
        String name = fields.filledText("run_name")
                .or(() -> Optional.ofNullable(tags.get(TrackedRun.NAME_TAG)))
                .orElseGet(names::next);
        Run run = tracking.create(new TrackedRun(
                fields.filledText("experiment_id").orElse("0"),
                name,
                fields.filledText("user_id").orElseGet(() -> tags.getOrDefault(USER_TAG, "")),
                fields.integer("start_time")
                        .map(millis -> time("start_time", millis))
                        .orElseGet(clock::instant),
                tags));
        Map<String, String> all = new TreeMap<>(tags);
        all.put(TrackedRun.NAME_TAG, name);
        return one(new FullRun(run, new RunDetails(Map.of(), Map.of(), all), List.of(), List.of()));
    }

    /** Kept to the microsecond in 64 bits, as the database does. */
    static Instant time(String field, long millis) {
        if (Math.abs(millis) > Long.MAX_VALUE / 1_000) {
            throw Refusal.invalid("Invalid value " + millis + " for parameter '" + field
                    + "' supplied: expected milliseconds since 1970");
        }
        try {
            return Instant.ofEpochMilli(millis);
        } catch (DateTimeException impossible) {
            throw Refusal.invalid(
                    "Invalid value " + millis + " for parameter '" + field + "' supplied: " + impossible.getMessage());
        }
    }

    private static HttpResponse one(FullRun run) {
        return Answers.one("run", Answers.run(run));
    }

    private HttpResponse get(Call call) {
        return one(tracking.load(call.fields().runId()));
    }

    /** The protocol's words, in the order of their numbers. */
    private enum Status {
        RUNNING,
        SCHEDULED,
        FINISHED,
        FAILED,
        KILLED
    }

    private HttpResponse update(Call call) {
        Fields fields = call.fields();
        Run run = tracking.update(
                fields.runId(),
                new RunChange(
                        fields.word("status", Status.class, 1).map(word -> RunStatus.valueOf(word.name())),
                        fields.integer("end_time").map(millis -> time("end_time", millis)),
                        fields.filledText("run_name")));
        return Answers.one("run_info", Answers.runInfo(run));
    }

    private HttpResponse delete(Call call) {
        tracking.delete(call.fields().requiredText("run_id"));
        return Answers.empty();
    }

    private HttpResponse restore(Call call) {
        tracking.restore(call.fields().requiredText("run_id"));
        return Answers.empty();
    }

    private HttpResponse search(Call call) {
        Page<FullRun> page = tracking.search(
                call.fields().texts("experiment_ids"),
                Searches.request(call.fields(), "run_view_type", PAGE, LARGEST_PAGE));
        return Answers.page("runs", page, Answers::run);
    }

    private static ModelMetric metric(Fields fields) {
        String key = fields.text("key", Tags.LONGEST_KEY);
        double value = fields.requiredNumber("value");
        Instant timestamp = time("timestamp", fields.requiredInteger("timestamp"));
        Optional<String> dataset = fields.filledText("dataset_name");
        return new ModelMetric(
                new Metric(key, value, timestamp, fields.integer("step").orElse(0L)),
                fields.filledText("model_id"),
                dataset.map(name -> new ModelMetric.DatasetKey(
                        name, fields.filledText("dataset_digest").orElse(""))));
    }

    private HttpResponse logMetric(Call call) {
        tracking.log(call.fields().runId(), new LogBatch(List.of(metric(call.fields())), Map.of(), Map.of()));
        return Answers.empty();
    }

    private HttpResponse logParam(Call call) {
        Tags.Tag param = Tags.one(call.fields(), Tags.LONGEST_PARAM_VALUE);
        tracking.log(call.fields().runId(), LogBatch.params(Map.of(param.key(), param.value())));
        return Answers.empty();
    }

    private HttpResponse setTag(Call call) {
        Tags.Tag tag = Tags.one(call.fields(), Tags.LONGEST_RUN_VALUE);
        tracking.log(call.fields().runId(), LogBatch.tags(Map.of(tag.key(), tag.value())));
        return Answers.empty();
    }

    private HttpResponse deleteTag(Call call) {
        tracking.removeTag(call.fields().requiredText("run_id"), call.fields().requiredText("key"));
        return Answers.empty();
    }

    private HttpResponse logBatch(Call call) {
        Fields fields = call.fields();
        String runId = fields.runId();
        List<ModelMetric> metrics =
                fields.objects("metrics").stream().map(RunCalls::metric).toList();
        List<Tags.Tag> params = Tags.list(fields, "params", Tags.LONGEST_PARAM_VALUE);
        List<Tags.Tag> tags = Tags.list(fields, "tags", Tags.LONGEST_RUN_VALUE);
        requireAtMost("metrics", metrics.size(), MOST_METRICS);
        requireAtMost("params", params.size(), MOST_OTHERS);
        requireAtMost("tags", tags.size(), MOST_OTHERS);
        requireAtMost("metrics, params and tags", metrics.size() + params.size() + tags.size(), MOST_TOGETHER);
        Map<String, String> lastTags = new LinkedHashMap<>();
        tags.forEach(tag -> lastTags.put(tag.key(), tag.value()));
        tracking.log(runId, new LogBatch(metrics, distinct(params), lastTags));
        return Answers.empty();
    }

    private static void requireAtMost(String what, int size, int most) {
        if (size > most) {
            throw Refusal.invalid(
                    what + ": " + size + " in one request (expected: at most " + most + "). Send them in several.");
        }
    }

    private static Map<String, String> distinct(List<Tags.Tag> params) {
        Map<String, String> distinct = new LinkedHashMap<>();
        for (Tags.Tag param : params) {
            String before = distinct.put(param.key(), param.value());
            if (before != null) {
                throw Refusal.invalid("params: '" + param.key() + "' is sent twice (expected: each key once)");
            }
        }
        return distinct;
    }

    /** What clients before logged models note of a model: kept as the tag under which they look for it. */
    private HttpResponse logModel(Call call) {
        String runId = call.fields().runId();
        String model = call.fields().requiredText("model_json");
        String before = tracking.load(runId).details().tags().getOrDefault(LOGGED_MODELS_TAG, "[]");
        tracking.log(runId, LogBatch.tags(Map.of(LOGGED_MODELS_TAG, ModelHistory.append(before, model))));
        return Answers.empty();
    }

    private HttpResponse logInputs(Call call) {
        Fields fields = call.fields();
        String runId = fields.requiredText("run_id");
        List<Fields> sent = fields.objects("datasets");
        requireAtMost("datasets", sent.size(), MOST_INPUTS);
        List<DatasetInput> datasets = new ArrayList<>();
        for (Fields input : sent) {
            Fields dataset = input.object("dataset").orElseThrow(() -> Refusal.missing("datasets.dataset"));
            datasets.add(new DatasetInput(
                    dataset.text("name", 500),
                    dataset.text("digest", 36),
                    dataset.requiredText("source_type"),
                    dataset.text("source", 65_535),
                    dataset.filledText("schema"),
                    dataset.filledText("profile"),
                    Tags.read(input, "tags")));
        }
        tracking.logInputs(
                runId,
                datasets,
                fields.objects("models").stream()
                        .map(model -> model.requiredText("model_id"))
                        .toList());
        return Answers.empty();
    }

    private HttpResponse logOutputs(Call call) {
        Fields fields = call.fields();
        tracking.logOutputs(
                fields.requiredText("run_id"),
                fields.objects("models").stream()
                        .map(model -> new RunModel(
                                model.requiredText("model_id"),
                                RunModel.Role.OUTPUT,
                                model.integer("step").orElse(0L)))
                        .toList());
        return Answers.empty();
    }

    private HttpResponse history(Call call) {
        Fields fields = call.fields();
        String runId = fields.runId();
        String key = fields.requiredText("metric_key");
        boolean paged = fields.integer("max_results").isPresent();
        int size = fields.size("max_results", Integer.MAX_VALUE - 1, paged ? HISTORY : Integer.MAX_VALUE - 1);
        return Answers.metrics(tracking.history(runId, key, size, fields.filledText("page_token")));
    }

    private HttpResponse historyBulk(Call call) {
        Fields fields = call.fields();
        String key = fields.requiredText("metric_key");
        int size = fields.size("max_results", HISTORY, HISTORY);
        ObjectNode answer = Answers.object();
        ArrayNode array = answer.putArray("metrics");
        for (String runId : runIds(fields)) {
            for (Metric metric :
                    tracking.history(runId, key, size, Optional.empty()).items()) {
                array.add(Answers.metric(metric).put("run_id", runId));
            }
        }
        return Answers.respond(answer);
    }

    private static List<String> runIds(Fields fields) {
        List<String> ids = new ArrayList<>(fields.texts("run_ids"));
        ids.addAll(fields.texts("run_id"));
        if (ids.isEmpty()) {
            throw Refusal.missing("run_ids");
        }
        return ids;
    }

    /** Evenly spaced steps of several runs, so that their curves can be drawn. */
    private HttpResponse historyInterval(Call call) {
        Fields fields = call.fields();
        String key = fields.requiredText("metric_key");
        long from = fields.integer("start_step").orElse(Long.MIN_VALUE);
        long to = fields.integer("end_step").orElse(Long.MAX_VALUE);
        int size = fields.size("max_results", 320, 2_500);
        ObjectNode answer = Answers.object();
        ArrayNode array = answer.putArray("metrics");
        for (String runId : runIds(fields)) {
            List<Metric> within = registry.runs().metricHistory(runId, key).stream()
                    .filter(metric -> metric.step() >= from && metric.step() <= to)
                    .toList();
            for (Metric metric : Thinning.evenly(within, size)) {
                array.add(Answers.metric(metric).put("run_id", runId));
            }
        }
        return Answers.respond(answer);
    }
}
