package dev.millwright.web;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RolloutStatus;
import dev.millwright.serving.MetricsSnapshot;
import dev.millwright.serving.ModelDescription;
import dev.millwright.serving.StatisticsSnapshot;
import dev.millwright.web.page.EndpointPage;
import dev.millwright.web.page.EndpointPage.TryForm;
import dev.millwright.web.page.EndpointPage.VersionTraffic;
import dev.millwright.web.page.EndpointsPage;
import dev.millwright.web.page.OverviewPage;
import dev.millwright.web.page.Paths;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.TryAnswer;
import dev.millwright.web.page.VersionShare;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The overview and the pages about endpoints. */
final class EndpointPages {
    private static final int LATELY = 12;
    private static final double MILLIS = 1e6;
    private static final int LONGEST_COMMAND = 4096;

    private final Site site;
    private final EndpointCards cards;
    private final Chronicle chronicle;
    private final RunPages runs;
    private final TryForms forms;
    private final EndpointExamples examples;
    private final RolloutCards rollouts;
    private final BackendRows backends;

    EndpointPages(Site site, EndpointCards cards, Chronicle chronicle, RunPages runs, EndpointExamples examples) {
        this.site = site;
        this.cards = cards;
        this.chronicle = chronicle;
        this.runs = runs;
        this.forms = new TryForms(site);
        this.examples = examples;
        this.rollouts = new RolloutCards(site);
        this.backends = new BackendRows(site);
    }

    void add(Routes routes) {
        routes.get("/", Operation.page("Overview"), this::overview);
        routes.get("/endpoints", Operation.page("Endpoints"), this::list);
        routes.get("/endpoints/{endpoint}", Operation.page("An endpoint"), this::endpoint);
        routes.post("/endpoints/{endpoint}/try", Operation.form("Tries an endpoint"), this::attempt);
        routes.post("/endpoints/{endpoint}/roll-back", Operation.form("Rolls an endpoint back"), this::rollBack);
    }

    private HttpResponse overview(Call call) {
        return site.templates()
                .page(
                        "overview",
                        new OverviewPage(
                                site.head("Overview", Section.OVERVIEW),
                                cards.all(),
                                runs.running(),
                                chronicle.tell(LATELY, 0, Optional.empty()).happenings()));
    }

    private HttpResponse list(Call call) {
        return site.templates()
                .page("endpoints", new EndpointsPage(site.head("Endpoints", Section.ENDPOINTS), cards.all()));
    }

    private HttpResponse endpoint(Call call) {
        Endpoint endpoint = site.registry().endpoints().load(call.path("endpoint"));
        Optional<String> notice = call.query("rolled-back-to").map(version -> "Rolled back: " + version + " serves.");
        return page(call, endpoint, Optional.empty(), QueryParams.of(), notice);
    }

    private HttpResponse page(
            Call call, Endpoint endpoint, Optional<TryAnswer> answer, QueryParams typed, Optional<String> notice) {
        Optional<ModelVersion> champion = examples.champion(endpoint);
        Optional<EndpointExample> example =
                champion.filter(version -> !version.takesTensors()).map(examples::of);
        String url = "http://" + call.request().authority();
        List<EndpointPage.Command> commands = champion.isPresent()
                        && champion.get().takesTensors()
                ? tensorCommands(url, endpoint.name(), champion.get().version())
                : example.map(known -> commands(url, endpoint.name(), known)).orElse(List.of());
        return site.templates()
                .page(
                        "endpoint",
                        new EndpointPage(
                                site.head(endpoint.name(), Section.ENDPOINTS),
                                cards.card(endpoint),
                                endpoint.rollout().reason(),
                                site.moment(endpoint.since()),
                                rollouts.find(endpoint),
                                traffic(endpoint),
                                backends.of(endpoint),
                                site.services()
                                        .deployments()
                                        .findRollBackTarget(endpoint)
                                        .map(version -> new RunRow.VersionLink(
                                                endpoint.model(),
                                                version,
                                                site.versionName(endpoint.model(), version))),
                                form(endpoint, example, typed),
                                answer,
                                commands,
                                rollouts.decisions(endpoint),
                                chronicle
                                        .tell(LATELY, 0, Optional.of(endpoint.name()))
                                        .happenings(),
                                notice));
    }

    private static List<EndpointPage.Command> commands(String url, String endpoint, EndpointExample example) {
        String scoring = url + Paths.endpoint(endpoint) + "/invocations";
        List<EndpointPage.Command> commands = new ArrayList<>();
        commands.add(new EndpointPage.Command(
                "Open Inference Protocol",
                EndpointExample.curl(url + "/v2/models/" + endpoint + "/infer", example.request())));
        commands.add(new EndpointPage.Command("MLflow", EndpointExample.curl(scoring, example.records())));
        commands.add(new EndpointPage.Command("CSV", EndpointExample.curl(scoring, "text/csv", example.csv())));
        example.event()
                .ifPresent(event -> commands.add(new EndpointPage.Command(
                        "Raw events, for which the feature view runs first",
                        EndpointExample.curl(url + Paths.endpoint(endpoint) + "/events", event))));
        return commands;
    }

    /** A model that takes tensors, of which there is no example: what it takes, and zeros for it. */
    private List<EndpointPage.Command> tensorCommands(String url, String endpoint, int version) {
        String model = url + "/v2/models/" + endpoint;
        ModelDescription description = TensorExample.describe(site.services().router(), endpoint, version);
        List<EndpointPage.Command> commands = new ArrayList<>();
        commands.add(new EndpointPage.Command("What it takes and gives", "curl " + model));
        TensorExample.request(description)
                .filter(zeros -> zeros.length() <= LONGEST_COMMAND)
                .ifPresent(zeros -> commands.add(new EndpointPage.Command(
                        "Open Inference Protocol, with zeros", EndpointExample.curl(model + "/infer", zeros))));
        return commands;
    }

    private List<VersionTraffic> traffic(Endpoint endpoint) {
        List<VersionShare> shares = cards.shares(endpoint);
        return site.services().router().metrics().versions().stream()
                .filter(lane -> lane.endpoint().equals(endpoint.name()))
                .sorted(Comparator.comparing(MetricsSnapshot.VersionMetrics::version)
                        .reversed())
                .map(lane -> traffic(lane, shares))
                .toList();
    }

    private VersionTraffic traffic(MetricsSnapshot.VersionMetrics lane, List<VersionShare> shares) {
        StatisticsSnapshot counts = lane.statistics();
        VersionShare share = shares.stream()
                .filter(known -> known.version() == lane.version())
                .findFirst()
                .orElseGet(() -> new VersionShare(
                        lane.model(),
                        lane.version(),
                        site.versionName(lane.model(), lane.version()),
                        "champion",
                        lane.weight()));
        boolean none = counts.timed() == 0;
        return new VersionTraffic(
                share,
                counts.timed(),
                counts.failures(),
                counts.errorRate(),
                none ? Double.NaN : counts.latency(0.5).toNanos() / MILLIS,
                none ? Double.NaN : counts.latency(0.99).toNanos() / MILLIS);
    }

    private TryForm form(Endpoint endpoint, Optional<EndpointExample> example, QueryParams typed) {
        if (endpoint.rollout().status() == RolloutStatus.EMPTY) {
            return new TryForm(
                    endpoint.name(),
                    List.of(),
                    Optional.of("Nothing serves here yet. Run a pipeline that deploys to this endpoint."));
        }
        if (example.isEmpty()) {
            return new TryForm(
                    endpoint.name(),
                    List.of(),
                    Optional.of("This model takes tensors, which no form has room for. Ask it from a program."));
        }
        return new TryForm(endpoint.name(), TryForms.typed(example.get().fields(), typed), Optional.empty());
    }

    private HttpResponse attempt(Call call) {
        Endpoint endpoint = site.registry().endpoints().load(call.path("endpoint"));
        QueryParams form = call.form();
        TryAnswer answer = site.isOurs(call)
                ? examples.champion(endpoint)
                        .map(version -> forms.answer(endpoint.name(), version.signature(), form))
                        .orElseGet(() -> TryAnswer.failed("Nothing serves here yet."))
                : TryAnswer.failed(Site.STALE);
        return call.wantsPart()
                ? site.templates().page("tryAnswer", answer)
                : page(call, endpoint, Optional.of(answer), form, Optional.empty());
    }

    private HttpResponse rollBack(Call call) {
        site.requireOurs(call);
        Endpoint endpoint = site.registry().endpoints().load(call.path("endpoint"));
        int version = site.services().deployments().rollBack(endpoint.name(), "by hand, from the pages");
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.SEE_OTHER)
                .set(
                        HttpHeaderNames.LOCATION,
                        Paths.endpoint(endpoint.name()) + "?rolled-back-to="
                                + Paths.part(site.versionName(endpoint.model(), version)))
                .build());
    }
}
