package dev.millwright.web.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.DatasetInput;
import dev.millwright.registry.Experiment;
import dev.millwright.registry.Experiments;
import dev.millwright.registry.NewExperiment;
import dev.millwright.registry.Page;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import dev.millwright.web.mlflow.Surface.Call;

/** Calls about experiments. */
final class ExperimentCalls {
    private static final int PAGE = 1_000;
    private static final int LARGEST_PAGE = 50_000;
    private static final int LONGEST_NAME = 500;
    private static final int LONGEST_LOCATION = 2_048;

    private final Registry registry;
    private final Experiments experiments;

    private ExperimentCalls(Registry registry) {
        this.registry = registry;
        this.experiments = registry.experiments();
    }

    static void add(Surface surface, Registry registry) {
        ExperimentCalls calls = new ExperimentCalls(registry);
        String at = "/2.0/mlflow/experiments/";
        surface.post(at + "create", calls::create);
        surface.get(at + "get", calls::get);
        surface.get(at + "get-by-name", calls::getByName);
        surface.get(at + "search", calls::search);
        surface.post(at + "search", calls::search);
        surface.post(at + "delete", calls::delete);
        surface.post(at + "restore", calls::restore);
        surface.post(at + "update", calls::update);
        surface.post(at + "set-experiment-tag", calls::setTag);
        surface.post(at + "delete-experiment-tag", calls::deleteTag);
        surface.post(at + "search-datasets", calls::datasets);
    }

    private HttpResponse create(Call call) {
        String name = call.fields().text("name", LONGEST_NAME);
        NewExperiment experiment = new NewExperiment(
                name,
                call.fields().filledText("artifact_location").map(ExperimentCalls::location),
                Tags.read(call.fields(), "tags"));
        Experiment created = experiments.create(experiment);
        return Answers.respond(Answers.object().put("experiment_id", created.id()));
    }

    private static String location(String uri) {
        if (uri.length() > LONGEST_LOCATION) {
            throw Refusal.invalid(
                    "'artifact_location' exceeds the maximum length of " + LONGEST_LOCATION + " characters");
        }
        if (uri.indexOf('#') >= 0 || uri.indexOf('?') >= 0 || uri.contains("..")) {
            throw Refusal.invalid("Invalid artifact location: " + uri
                    + " (expected: a URI without '#', '?' and '..'; leave it out for a place of the server's own)");
        }
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }

    private HttpResponse get(Call call) {
        Experiment experiment = load(registry, call.fields().requiredText("experiment_id"));
        return one(experiment);
    }

    /** Ids are numbers here, but any text may be asked for. */
    static Experiment load(Registry registry, String id) {
        return registry.experiments().load(id);
    }

    private static HttpResponse one(Experiment experiment) {
        return Answers.one("experiment", Answers.experiment(experiment));
    }

    private HttpResponse getByName(Call call) {
        String name = call.fields().requiredText("experiment_name");
        return one(experiments
                .findByName(name)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "Could not find experiment with name '" + name + "'")));
    }

    private HttpResponse search(Call call) {
        Page<Experiment> page = experiments.search(Searches.request(call.fields(), "view_type", PAGE, LARGEST_PAGE));
        return Answers.page("experiments", page, Answers::experiment);
    }

    private HttpResponse delete(Call call) {
        experiments.delete(call.fields().requiredText("experiment_id"));
        return Answers.empty();
    }

    private HttpResponse restore(Call call) {
        experiments.restore(call.fields().requiredText("experiment_id"));
        return Answers.empty();
    }

    private HttpResponse update(Call call) {
        String id = call.fields().requiredText("experiment_id");
        call.fields()
                .filledText("new_name")
                .ifPresentOrElse(name -> experiments.rename(id, name), () -> experiments.load(id));
        return Answers.empty();
    }

    private HttpResponse setTag(Call call) {
        Tags.Tag tag = Tags.one(call.fields(), Tags.LONGEST_EXPERIMENT_VALUE);
        experiments.setTag(call.fields().requiredText("experiment_id"), tag.key(), tag.value());
        return Answers.empty();
    }

    private HttpResponse deleteTag(Call call) {
        experiments.removeTag(
                call.fields().requiredText("experiment_id"), call.fields().requiredText("key"));
        return Answers.empty();
    }

    private HttpResponse datasets(Call call) {
        ObjectNode answer = Answers.object();
        ArrayNode summaries = answer.putArray("dataset_summaries");
        for (String experiment : call.fields().texts("experiment_ids")) {
            for (DatasetInput input : registry.tracking().datasets(java.util.List.of(experiment))) {
                ObjectNode summary = summaries
                        .addObject()
                        .put("experiment_id", experiment)
                        .put("name", input.name())
                        .put("digest", input.digest());
                input.tags().forEach((key, value) -> summary.put("context", value));
            }
        }
        return Answers.respond(answer);
    }
}
