package dev.millwright.web.mlflow;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.registry.DatasetChoice;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.LoggedModelRequest;
import dev.millwright.registry.LoggedModels;
import dev.millwright.registry.NewLoggedModel;
import dev.millwright.registry.Page;
import dev.millwright.registry.Registry;
import dev.millwright.web.mlflow.Surface.Call;
import java.time.InstantSource;
import java.util.List;

/** Calls about logged models. */
final class LoggedModelCalls {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 50_000;
    private static final int LONGEST_VALUE = 6_000;

    private final LoggedModels models;
    private final RunNames names;

    private LoggedModelCalls(Registry registry, InstantSource clock) {
        this.models = registry.loggedModels();
        this.names = new RunNames(clock.millis() + 1);
    }

    static void add(Surface surface, Registry registry, InstantSource clock) {
        LoggedModelCalls calls = new LoggedModelCalls(registry, clock);
        String at = "/2.0/mlflow/logged-models";
        surface.post(at, calls::create);
        surface.post(at + "/search", calls::search);
        surface.get(at + "/{model_id}", call -> one(calls.models.load(call.path("model_id"))));
        surface.patch(at + "/{model_id}", calls::finish);
        surface.delete(at + "/{model_id}", calls::delete);
        surface.patch(at + "/{model_id}/tags", calls::setTags);
        surface.delete(at + "/{model_id}/tags/{tag_key}", calls::deleteTag);
        surface.post(at + "/{model_id}/params", calls::addParams);
    }

    private static HttpResponse one(LoggedModel model) {
        return Answers.one("model", Answers.loggedModel(model));
    }

    private HttpResponse create(Call call) {
        Fields fields = call.fields();
        return one(models.create(new NewLoggedModel(
                fields.requiredText("experiment_id"),
                fields.filledText("name").orElseGet(names::next),
                fields.text("model_type").orElse(""),
                fields.filledText("source_run_id"),
                Tags.read(fields, "params", LONGEST_VALUE),
                Tags.read(fields, "tags", Tags.LONGEST_RUN_VALUE))));
    }

    /** The protocol's words, in the order of their numbers. */
    private enum Status {
        LOGGED_MODEL_PENDING,
        LOGGED_MODEL_READY,
        LOGGED_MODEL_UPLOAD_FAILED
    }

    private HttpResponse finish(Call call) {
        Status status = call.fields().word("status", Status.class, 1).orElseThrow(() -> Refusal.missing("status"));
        return one(models.finish(
                call.path("model_id"),
                switch (status) {
                    case LOGGED_MODEL_PENDING -> LoggedModel.Status.PENDING;
                    case LOGGED_MODEL_READY -> LoggedModel.Status.READY;
                    case LOGGED_MODEL_UPLOAD_FAILED -> LoggedModel.Status.UPLOAD_FAILED;
                }));
    }

    private HttpResponse delete(Call call) {
        models.delete(call.path("model_id"));
        return Answers.empty();
    }

    private HttpResponse setTags(Call call) {
        return one(models.setTags(call.path("model_id"), Tags.read(call.fields(), "tags", Tags.LONGEST_RUN_VALUE)));
    }

    private HttpResponse deleteTag(Call call) {
        models.removeTag(call.path("model_id"), call.path("tag_key"));
        return Answers.empty();
    }

    private HttpResponse addParams(Call call) {
        models.addParams(call.path("model_id"), Tags.read(call.fields(), "params", LONGEST_VALUE));
        return Answers.empty();
    }

    private HttpResponse search(Call call) {
        Fields fields = call.fields();
        List<String> experiments = fields.texts("experiment_ids");
        if (experiments.isEmpty()) {
            throw Refusal.missing("experiment_ids");
        }
        Page<LoggedModel> page = models.search(new LoggedModelRequest(
                experiments,
                fields.text("filter").orElse(""),
                fields.objects("datasets").stream()
                        .map(LoggedModelCalls::dataset)
                        .toList(),
                fields.objects("order_by").stream().map(LoggedModelCalls::order).toList(),
                fields.size("max_results", PAGE, LARGEST_PAGE),
                fields.filledText("page_token")));
        return Answers.page("models", page, Answers::loggedModel);
    }

    private static DatasetChoice dataset(Fields fields) {
        return new DatasetChoice(fields.filledText("dataset_name"), fields.filledText("dataset_digest"));
    }

    private static LoggedModelRequest.Order order(Fields fields) {
        String direction = fields.flag("ascending").orElse(true) ? " ASC" : " DESC";
        return new LoggedModelRequest.Order(quoted(fields.requiredText("field_name")) + direction, dataset(fields));
    }

    /** The name as an order writes it: keys may hold anything. */
    private static String quoted(String field) {
        int dot = field.indexOf('.');
        return dot < 0 || field.indexOf('`') >= 0
                ? field
                : field.substring(0, dot) + ".`" + field.substring(dot + 1) + "`";
    }
}
