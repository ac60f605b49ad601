package dev.millwright.web.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.NewRegistration;
import dev.millwright.registry.Page;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.RegisteredModels;
import dev.millwright.registry.Registry;
import dev.millwright.web.access.Caller;
import dev.millwright.web.access.Permission;
import dev.millwright.web.mlflow.Surface.Call;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Calls about registered models and their versions. */
final class ModelCalls {
    private static final String PROMPT_TAG = "mlflow.prompt.is_prompt";
    private static final int MODELS_PAGE = 100;
    private static final int LARGEST_MODELS_PAGE = 1_000;
    private static final int VERSIONS_PAGE = 10_000;
    private static final int LARGEST_VERSIONS_PAGE = 200_000;
    private static final String MODELS = "models:/";
    private static final int LONGEST_ALIAS = 255;
    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]+");
    private static final Pattern VERSION_LIKE = Pattern.compile("[vV]\\d+");

    private final Registry registry;
    private final RegisteredModels models;
    private final Promotion promotion;

    private ModelCalls(Registry registry, Promotion promotion) {
        this.registry = registry;
        this.models = registry.registeredModels();
        this.promotion = promotion;
    }

    static void add(Surface surface, Registry registry, Promotion promotion) {
        ModelCalls calls = new ModelCalls(registry, promotion);
        String model = "/2.0/mlflow/registered-models/";
        surface.post(model + "create", calls::create);
        surface.get(
                model + "get", call -> calls.one(calls.models.load(call.fields().requiredText("name"))));
        surface.get(model + "search", calls::search);
        surface.post(model + "rename", calls::rename);
        surface.patch(model + "update", calls::update);
        surface.delete(model + "delete", calls::delete);
        surface.get(model + "get-latest-versions", calls::latest);
        surface.post(model + "get-latest-versions", calls::latest);
        surface.post(model + "set-tag", calls::setTag);
        surface.delete(model + "delete-tag", calls::deleteTag);
        surface.post(model + "alias", calls::setAlias);
        surface.delete(model + "alias", calls::deleteAlias);
        surface.get(model + "alias", calls::byAlias);
        String version = "/2.0/mlflow/model-versions/";
        surface.post(version + "create", calls::createVersion);
        surface.get(version + "get", call -> one(calls.load(call.fields())));
        surface.get(version + "search", calls::searchVersions);
        surface.patch(version + "update", calls::updateVersion);
        surface.post(version + "transition-stage", calls::moveToStage);
        surface.delete(version + "delete", calls::deleteVersion);
        surface.get(version + "get-download-uri", calls::downloadUri);
        surface.post(version + "set-tag", calls::setVersionTag);
        surface.delete(version + "delete-tag", calls::deleteVersionTag);
    }

    private HttpResponse one(RegisteredModel model) {
        return Answers.one("registered_model", Answers.registeredModel(model, models.latest(model.name())));
    }

    private static HttpResponse one(ModelVersion version) {
        return Answers.one("model_version", Answers.modelVersion(version));
    }

    private HttpResponse create(Call call) {
        return one(models.create(
                call.fields().requiredText("name"),
                call.fields().text("description").orElse(""),
                tagsOfAModel(call.fields())));
    }

    /** Clients keep prompts as models with this tag, which are no models: nothing here could show or serve them. */
    private static Map<String, String> tagsOfAModel(Fields fields) {
        Map<String, String> tags = Tags.read(fields, "tags");
        if (tags.containsKey(PROMPT_TAG)) {
            throw new Refusal(
                    Refusal.Code.NOT_IMPLEMENTED,
                    "tags: '" + PROMPT_TAG
                            + "' (expected: those of a model). Prompts are not implemented by Millwright");
        }
        return tags;
    }

    private HttpResponse search(Call call) {
        Page<RegisteredModel> page =
                models.search(Searches.request(call.fields(), "", MODELS_PAGE, LARGEST_MODELS_PAGE));
        return Answers.page(
                "registered_models", page, model -> Answers.registeredModel(model, models.latest(model.name())));
    }

    private HttpResponse rename(Call call) {
        return one(
                models.rename(call.fields().requiredText("name"), call.fields().requiredText("new_name")));
    }

    private HttpResponse update(Call call) {
        String name = call.fields().requiredText("name");
        Optional<String> description = call.fields().text("description");
        return one(description.isPresent() ? models.describe(name, description.get()) : models.load(name));
    }

    private HttpResponse delete(Call call) {
        models.delete(call.fields().requiredText("name"));
        return Answers.empty();
    }

    private HttpResponse latest(Call call) {
        List<String> stages = call.fields().texts("stages");
        for (String stage : stages) {
            if (RegisteredModels.STAGES.stream().noneMatch(stage::equalsIgnoreCase)) {
                throw Refusal.invalid("Invalid Model Version stage: " + stage + ". Value must be one of "
                        + String.join(", ", RegisteredModels.STAGES) + ".");
            }
        }
        ObjectNode answer = Answers.object();
        ArrayNode versions = answer.putArray("model_versions");
        models.latest(call.fields().requiredText("name")).stream()
                .filter(version -> stages.isEmpty()
                        || stages.stream().anyMatch(version.registration().stage()::equalsIgnoreCase))
                .forEach(version -> versions.add(Answers.modelVersion(version)));
        return Answers.respond(answer);
    }

    private HttpResponse setTag(Call call) {
        Tags.Tag tag = Tags.one(call.fields(), Tags.LONGEST_REGISTRY_VALUE);
        models.setTag(call.fields().requiredText("name"), tag.key(), tag.value());
        return Answers.empty();
    }

    private HttpResponse deleteTag(Call call) {
        models.removeTag(call.fields().requiredText("name"), call.fields().requiredText("key"));
        return Answers.empty();
    }

    static int version(Fields fields) {
        String version = fields.text("version").orElseThrow(() -> Refusal.missing("version"));
        if (!version.matches("\\d{1,9}")) {
            throw Refusal.invalid("Model version must be an integer, got '" + version + "'");
        }
        return Integer.parseInt(version);
    }

    private ModelVersion load(Fields fields) {
        return models.loadVersion(fields.requiredText("name"), version(fields));
    }

    private HttpResponse setAlias(Call call) {
        String alias = call.fields().requiredText("alias");
        if (alias.length() > LONGEST_ALIAS
                || !ALIAS.matcher(alias).matches()
                || VERSION_LIKE.matcher(alias).matches()
                || alias.equalsIgnoreCase("latest")) {
            throw Refusal.invalid("Invalid alias name: '" + alias + "' (expected: at most " + LONGEST_ALIAS
                    + " letters, digits, '_' and '-', neither 'latest' nor like a version, v1)");
        }
        ModelVersion version = load(call.fields());
        if (alias.equals(RegisteredModel.CHAMPION)) {
            Caller.of(call.context()).require(Permission.DEPLOY, "setting the alias champion");
            promotion.promote(version);
        } else {
            registry.models().setAlias(version.model(), alias, version.version());
        }
        return Answers.empty();
    }

    private HttpResponse deleteAlias(Call call) {
        String name = call.fields().requiredText("name");
        String alias = call.fields().requiredText("alias");
        models.load(name);
        if (alias.equals(RegisteredModel.CHAMPION)) {
            Caller.of(call.context()).require(Permission.DEPLOY, "removing the alias champion");
        }
        registry.models().removeAlias(name, alias);
        return Answers.empty();
    }

    private HttpResponse byAlias(Call call) {
        String name = call.fields().requiredText("name");
        String alias = call.fields().requiredText("alias");
        models.load(name);
        return one(registry.models()
                .findByAlias(name, alias)
                .orElseThrow(() -> Refusal.invalid("Registered model alias " + alias + " not found.")));
    }

    private HttpResponse createVersion(Call call) {
        Fields fields = call.fields();
        String source = fields.requiredText("source");
        if (source.contains("..") || source.indexOf('\u0000') >= 0) {
            throw Refusal.invalid("Invalid model version source: '" + source
                    + "' (expected: the URI of a logged model or of a run's artifacts, without '..')");
        }
        Optional<LoggedModel> logged =
                fields.filledText("model_id").or(() -> loggedModelId(source)).map(registry.loggedModels()::load);
        Optional<String> runId = fields.filledText("run_id").or(() -> logged.flatMap(LoggedModel::sourceRunId));
        ModelVersion created = models.register(new NewRegistration(
                fields.requiredText("name"),
                source,
                runId,
                fields.text("run_link").orElse(""),
                fields.text("description").orElse(""),
                "",
                logged.map(LoggedModel::id),
                tagsOfAModel(fields),
                Optional.empty(),
                Map.of()));
        return one(created);
    }

    /** The model that {@code models:/m-…} names. */
    private static Optional<String> loggedModelId(String source) {
        return Optional.of(source)
                .filter(uri -> uri.startsWith(MODELS + "m-"))
                .map(uri -> uri.substring(MODELS.length()));
    }

    private HttpResponse searchVersions(Call call) {
        Page<ModelVersion> page =
                models.searchVersions(Searches.request(call.fields(), "", VERSIONS_PAGE, LARGEST_VERSIONS_PAGE));
        return Answers.page("model_versions", page, Answers::modelVersion);
    }

    private HttpResponse updateVersion(Call call) {
        ModelVersion version = load(call.fields());
        Optional<String> description = call.fields().text("description");
        return one(
                description.isPresent()
                        ? models.describeVersion(version.model(), version.version(), description.get())
                        : version);
    }

    private HttpResponse moveToStage(Call call) {
        ModelVersion version = load(call.fields());
        return one(models.moveToStage(
                version.model(),
                version.version(),
                call.fields().requiredText("stage"),
                call.fields().flag("archive_existing_versions").orElse(false)
                        ? RegisteredModels.Others.ARE_ARCHIVED
                        : RegisteredModels.Others.STAY));
    }

    private HttpResponse deleteVersion(Call call) {
        ModelVersion version = load(call.fields());
        registry.models().delete(version.model(), version.version());
        return Answers.empty();
    }

    private HttpResponse downloadUri(Call call) {
        return Answers.respond(Answers.object().put("artifact_uri", downloadUri(registry, load(call.fields()))));
    }

    /** Where the files are: a logged model that is named by its id is looked up. */
    static String downloadUri(Registry registry, ModelVersion version) {
        String source = version.registration().source();
        if (source.startsWith(MODELS)) {
            return version.registration()
                    .loggedModelId()
                    .map(id -> registry.loggedModels().load(id).artifactUri())
                    .orElse(source);
        }
        return source;
    }

    private HttpResponse setVersionTag(Call call) {
        ModelVersion version = load(call.fields());
        Tags.Tag tag = Tags.one(call.fields(), Tags.LONGEST_REGISTRY_VALUE);
        models.setVersionTag(version.model(), version.version(), tag.key(), tag.value());
        return Answers.empty();
    }

    private HttpResponse deleteVersionTag(Call call) {
        ModelVersion version = load(call.fields());
        models.removeVersionTag(
                version.model(), version.version(), call.fields().requiredText("key"));
        return Answers.empty();
    }
}
