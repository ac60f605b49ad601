package dev.millwright.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Task;
import dev.millwright.pipelines.GraphOutline;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.Lineage;
import dev.millwright.registry.LineageEdge;
import dev.millwright.registry.LineageNode;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.ModelVersionStatus;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.RegistryError;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunDetails;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.Link;
import dev.millwright.web.page.ModelPage;
import dev.millwright.web.page.ModelVersionPage;
import dev.millwright.web.page.ModelVersionPage.GraphPart;
import dev.millwright.web.page.ModelVersionPage.InputRow;
import dev.millwright.web.page.ModelVersionPage.Item;
import dev.millwright.web.page.ModelsPage;
import dev.millwright.web.page.Paths;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.Tone;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The pages about models and their versions. */
final class ModelPages {
    /** Where the rows come from that are replayed before a client's model serves; only such a version has this tag. */
    static final String PARITY_ROWS = "millwright.parity_rows";

    private static final String REPORT = "report.html";
    private static final String CARD = "model-card.md";
    private static final int SHORT = 12;
    private static final RunDetails NOTHING = new RunDetails(Map.of(), Map.of(), Map.of());

    private final Site site;

    ModelPages(Site site) {
        this.site = site;
    }

    void add(Routes routes) {
        routes.get("/models", Operation.page("Models"), this::list);
        routes.get("/models/{model}", Operation.page("A model"), this::model);
        routes.get("/models/{model}/versions/{version}", Operation.page("A model version"), this::version);
    }

    private HttpResponse list(Call call) {
        List<Endpoint> endpoints = site.registry().endpoints().list();
        List<ModelsPage.ModelRow> rows = site.registry().models().list().stream()
                .map(model -> row(model, endpoints))
                .toList();
        return site.templates().page("models", new ModelsPage(site.head("Models", Section.MODELS), rows));
    }

    private ModelsPage.ModelRow row(RegisteredModel model, List<Endpoint> endpoints) {
        List<ModelVersion> versions = site.registry().models().versions(model.name());
        return new ModelsPage.ModelRow(
                model.name(),
                versions.stream()
                        .findFirst()
                        .flatMap(ModelVersion::knownSignature)
                        .map(signature -> task(signature.task()))
                        .orElse(""),
                versions.size(),
                Optional.ofNullable(model.aliases().get(RegisteredModel.CHAMPION))
                        .flatMap(number -> site.registry().models().find(model.name(), number))
                        .map(RunList::link),
                site.moment(
                        versions.isEmpty()
                                ? model.created()
                                : versions.getFirst().created()),
                serving(model.name(), endpoints));
    }

    private static List<Link> serving(String model, List<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.model().equals(model))
                .map(endpoint -> new Link(endpoint.name(), Paths.endpoint(endpoint.name())))
                .toList();
    }

    private static String task(Task task) {
        return switch (task) {
            case BINARY -> "one of two classes";
            case MULTICLASS -> "one of several classes";
            case REGRESSION -> "a number";
        };
    }

    private HttpResponse model(Call call) {
        String name = call.path("model");
        List<ModelVersion> versions = site.registry().models().versions(name);
        if (versions.isEmpty()) {
            throw new MillwrightException(
                    RegistryError.NOT_FOUND, "model: " + name + " (expected: a registered model). See /models");
        }
        Map<String, RunDetails> details = site.registry()
                .runs()
                .details(versions.stream()
                        .flatMap(version -> version.runId().stream())
                        .toList());
        String metric = details(details, versions.getFirst())
                .flatMap(RunMetrics::main)
                .map(RunMetrics.Main::name)
                .orElse("Metric");
        List<Endpoint> endpoints = site.registry().endpoints().list();
        return site.templates()
                .page(
                        "model",
                        new ModelPage(
                                site.head(name, Section.MODELS),
                                name,
                                predicts(versions.getFirst()),
                                metric,
                                versions.stream()
                                        .map(version -> row(
                                                version,
                                                details(details, version).orElse(NOTHING),
                                                Optional.of(metric),
                                                endpoints))
                                        .toList(),
                                serving(name, endpoints)));
    }

    private static Optional<RunDetails> details(Map<String, RunDetails> details, ModelVersion version) {
        return version.runId().map(details::get);
    }

    private static String predicts(ModelVersion version) {
        return version.knownSignature()
                .map(signature -> "predicts " + task(signature.task()))
                .orElse("registered by a client; its inputs are not known here");
    }

    private ModelPage.VersionRow row(
            ModelVersion version, RunDetails run, Optional<String> metric, List<Endpoint> endpoints) {
        return new ModelPage.VersionRow(
                version.model(),
                version.version(),
                version.semanticVersion().toString(),
                version.aliases(),
                status(version, endpoints),
                site.moment(version.created()),
                metric.flatMap(
                        name -> Optional.ofNullable(RunMetrics.compared(run).get(name))),
                version.runId());
    }

    private static Badge status(ModelVersion version, List<Endpoint> endpoints) {
        boolean serves = endpoints.stream()
                .anyMatch(endpoint -> endpoint.model().equals(version.model())
                        && endpoint.rollout().versions().stream()
                                .anyMatch(served -> served.version() == version.version()));
        return switch (version.status()) {
            case READY -> serves ? new Badge("serves", Tone.GOOD) : new Badge("ready", Tone.QUIET);
            case REFUSED -> new Badge("refused", Tone.WARN);
            case DELETED -> new Badge("deleted", Tone.QUIET);
        };
    }

    private HttpResponse version(Call call) {
        ModelVersion version = site.registry().models().load(call.path("model"), call.pathNumber("version"));
        Optional<ModelSignature> signature = version.knownSignature();
        RunDetails run = version.runId()
                .map(id -> site.registry().runs().details(List.of(id)).getOrDefault(id, NOTHING))
                .orElse(NOTHING);
        Lineage lineage = site.registry().models().lineage(version.model(), version.version());
        List<Endpoint> endpoints = site.registry().endpoints().list();
        return site.templates()
                .page(
                        "modelVersion",
                        new ModelVersionPage(
                                site.head(version.model() + " " + version.semanticVersion(), Section.MODELS),
                                row(version, run, Optional.empty(), endpoints),
                                predicts(version),
                                RunMetrics.table(run),
                                signature.map(known -> inputs(known, lineage)).orElse(List.of()),
                                signature.map(ModelSignature::classes).orElse(List.of()),
                                signature
                                        .filter(known -> known.task() == Task.BINARY)
                                        .map(ModelSignature::threshold),
                                stages(version, lineage, endpoints),
                                GraphOutline.of(site.registry(), version).map(outline -> graph("", outline)),
                                askedBy(version, lineage),
                                version.artifacts().containsKey(REPORT)
                                        ? Optional.of(file(version, REPORT))
                                        : Optional.empty(),
                                parity(version),
                                refusal(version),
                                card(version),
                                FilePages.browser(call, FileShelf.of(site.registry(), version))));
    }

    private static String file(ModelVersion version, String name) {
        return Paths.modelVersion(version.model(), version.version()) + "/artifacts/" + Paths.parts(name);
    }

    private static List<InputRow> inputs(ModelSignature signature, Lineage lineage) {
        Map<String, String> origins = new HashMap<>();
        for (LineageEdge edge : lineage.from(LineageNode.Kind.FEATURE_VIEW)) {
            for (JsonNode column : Json.tree(edge.payload()).path("columns")) {
                TreeSet<String> from = new TreeSet<>();
                column.path("origins")
                        .forEach(origin -> from.add(origin.path("dataset").asText() + "."
                                + origin.path("column").asText()));
                origins.put(column.path("output").asText(), String.join(", ", from));
            }
        }
        return signature.inputs().stream()
                .map(input -> new InputRow(
                        input.name(), RunPages.label(input.type()), origins.getOrDefault(input.name(), "")))
                .toList();
    }

    private List<ModelVersionPage.Lineage> stages(ModelVersion version, Lineage lineage, List<Endpoint> endpoints) {
        List<Item> served = lineage.nodes(LineageNode.Kind.ENDPOINT).stream()
                .map(node -> endpoint(version, node.id(), endpoints))
                .toList();
        return List.of(
                new ModelVersionPage.Lineage(
                        "Data",
                        lineage.nodes(LineageNode.Kind.DATASET_VERSION).stream()
                                .map(node -> dataset(node.id()))
                                .toList()),
                new ModelVersionPage.Lineage(
                        "Features",
                        lineage.nodes(LineageNode.Kind.FEATURE_VIEW).stream()
                                .map(node -> features(node.id(), version))
                                .toList()),
                new ModelVersionPage.Lineage(
                        "Run", version.runId().map(this::run).stream().toList()),
                new ModelVersionPage.Lineage(
                        "Model",
                        List.of(new Item(
                                version.model() + " " + version.semanticVersion(),
                                version.tags().getOrDefault("learner", ""),
                                Optional.empty(),
                                true))),
                new ModelVersionPage.Lineage("Endpoint", served));
    }

    private static GraphPart graph(String label, GraphOutline outline) {
        return new GraphPart(
                label,
                outline.name(),
                outline.detail(),
                outline.isModel() ? Optional.of(versionPage(outline.name())) : Optional.empty(),
                outline.branches().stream()
                        .map(branch -> graph(branch.label(), branch.part()))
                        .toList());
    }

    private static List<Item> askedBy(ModelVersion version, Lineage lineage) {
        return lineage.from(LineageNode.Kind.MODEL_VERSION).stream()
                .filter(edge ->
                        edge.from().id().equals(version.id()) && edge.to().kind() == LineageNode.Kind.MODEL_VERSION)
                .map(edge -> new Item(
                        edge.to().id(), "", Optional.of(versionPage(edge.to().id())), false))
                .toList();
    }

    /** The address of a version by its id. */
    private static String versionPage(String id) {
        int slash = id.lastIndexOf('/');
        return Paths.modelVersion(id.substring(0, slash), Integer.parseInt(id.substring(slash + 1)));
    }

    private Item dataset(String id) {
        int slash = id.lastIndexOf('/');
        String name = id.substring(0, slash);
        int number = Integer.parseInt(id.substring(slash + 1));
        return new Item(
                name + " v" + number,
                site.registry()
                        .datasets()
                        .find(name, number)
                        .map(dataset -> Figures.counted(dataset.rows(), "row", "rows"))
                        .orElse(""),
                Optional.of(Paths.datasetVersion(name, number)),
                false);
    }

    private static Item features(String id, ModelVersion version) {
        int at = id.lastIndexOf('@');
        return new Item(
                at < 0 ? id : id.substring(0, at),
                version.knownSignature()
                        .map(signature -> Figures.counted(signature.inputs().size(), "column", "columns"))
                        .orElse(""),
                Optional.empty(),
                false);
    }

    private Item run(String id) {
        Optional<Run> run = site.registry().runs().findByPrefix(id);
        return new Item(
                id.substring(0, Math.min(id.length(), SHORT)),
                run.flatMap(found -> found.ended()
                                .map(ended -> "took " + Figures.seconds(Times.seconds(found.started(), ended))))
                        .orElse(""),
                Optional.of(Paths.run(id)),
                false);
    }

    private static Item endpoint(ModelVersion version, String name, List<Endpoint> endpoints) {
        String share = endpoints.stream()
                .filter(endpoint -> endpoint.name().equals(name))
                .flatMap(endpoint -> endpoint.rollout().versions().stream())
                .filter(served -> served.version() == version.version())
                .map(served -> Figures.percent(served.percent() / 100) + " of the traffic")
                .findFirst()
                .orElse("served before");
        return new Item(name, share, Optional.of(Paths.endpoint(name)), false);
    }

    /** How the replay went, as the run's step recorded it. */
    private Optional<String> parity(ModelVersion version) {
        return imported(version).or(() -> replayed(version));
    }

    /** The same of a version that a client registered: no run did it. */
    private Optional<String> imported(ModelVersion version) {
        return Optional.ofNullable(version.tags().get(PARITY_ROWS))
                .map(rows ->
                        "Parity: " + rows + ", with what the graph itself says about them, are replayed through the"
                                + " serving path each time before it is let in"
                                + site
                                        .registry()
                                        .events()
                                        .list(EventFilter.newest()
                                                .type("parity.replayed")
                                                .subject(version.id()))
                                        .stream()
                                        .findFirst()
                                        .map(event -> "; largest difference "
                                                + event.data().getOrDefault("largest_difference", ""))
                                        .orElse("")
                                + ". No gates exist for it, since no pipeline made it.");
    }

    private Optional<String> replayed(ModelVersion version) {
        return version.runId().stream()
                .flatMap(run -> site.registry().steps().list(run).stream())
                .filter(step -> step.name().equals("parity"))
                .flatMap(step -> step.outputs().stream())
                .map(Json::tree)
                .map(outputs -> "Parity: " + Figures.count(outputs.path("rows").asLong())
                        + " stored predictions replayed through the serving path, largest difference "
                        + outputs.path("largest_difference").asText() + ".")
                .findFirst();
    }

    /** Why the version may not serve. */
    private Optional<String> refusal(ModelVersion version) {
        return version.status() == ModelVersionStatus.REFUSED
                ? site
                        .registry()
                        .events()
                        .list(EventFilter.newest().type("model_version.refused").subject(version.id()))
                        .stream()
                        .findFirst()
                        .map(event -> event.data().getOrDefault("reason", ""))
                : Optional.empty();
    }

    private List<ModelVersionPage.CardPart> card(ModelVersion version) {
        return Optional.ofNullable(version.artifacts().get(CARD))
                .map(artifact -> new String(site.registry().artifacts().read(artifact), StandardCharsets.UTF_8))
                .map(CardText::read)
                .orElse(List.of());
    }
}
