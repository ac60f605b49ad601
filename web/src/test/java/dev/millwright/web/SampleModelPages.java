package dev.millwright.web;

import static dev.millwright.web.SampleValues.RUN;
import static dev.millwright.web.SampleValues.ago;

import dev.millwright.web.page.Badge;
import dev.millwright.web.page.Interval;
import dev.millwright.web.page.Link;
import dev.millwright.web.page.ModelPage;
import dev.millwright.web.page.ModelVersionPage;
import dev.millwright.web.page.ModelsPage;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Models: the list, one of them, and a version. */
final class SampleModelPages {
    private final BiFunction<String, Section, PageHead> heads;

    SampleModelPages(BiFunction<String, Section, PageHead> heads) {
        this.heads = heads;
    }

    ModelsPage models() {
        return new ModelsPage(
                heads.apply("Models", Section.MODELS),
                List.of(
                        new ModelsPage.ModelRow(
                                "flight-delay",
                                "binary",
                                3,
                                Optional.of(new RunRow.VersionLink("flight-delay", 2, "1.1.0")),
                                ago(Duration.ofMinutes(11)),
                                List.of(new Link("flight-delay", "/endpoints/flight-delay"))),
                        new ModelsPage.ModelRow(
                                "churn", "binary", 1, Optional.empty(), ago(Duration.ofDays(3)), List.of())));
    }

    ModelPage model() {
        return new ModelPage(
                heads.apply("Models", Section.MODELS),
                "flight-delay",
                "binary",
                "average_precision",
                List.of(
                        version(3, "1.2.0", List.of("challenger"), 0.4312),
                        version(2, "1.1.0", List.of("champion"), 0.4192),
                        version(1, "1.0.0", List.of(), 0.3981)),
                List.of(new Link("flight-delay", "/endpoints/flight-delay")));
    }

    private static ModelPage.VersionRow version(int number, String name, List<String> aliases, double metric) {
        return new ModelPage.VersionRow(
                "flight-delay",
                number,
                name,
                aliases,
                new Badge(number == 1 ? "archived" : "serves", number == 1 ? Tone.QUIET : Tone.GOOD),
                ago(Duration.ofHours(30L * (4 - number))),
                Optional.of(new Interval(metric, metric - 0.009, metric + 0.009)),
                Optional.of(RUN));
    }

    ModelVersionPage modelVersion() {
        List<ModelVersionPage.InputRow> inputs = new ArrayList<>();
        for (String name : List.of(
                "carrier",
                "dest",
                "origin",
                "distance",
                "hour",
                "visib",
                "wind_speed",
                "carrier_delay_7d",
                "carrier_flights_7d",
                "plane_age")) {
            inputs.add(new ModelVersionPage.InputRow(name, name.length() < 7 ? "text" : "number", "flights." + name));
        }
        return new ModelVersionPage(
                heads.apply("Models", Section.MODELS),
                version(3, "1.2.0", List.of("challenger"), 0.4312),
                "binary",
                SampleRunPages.metrics(),
                inputs,
                List.of("false", "true"),
                Optional.of(0.5),
                List.of(
                        new ModelVersionPage.Lineage(
                                "Data",
                                List.of(
                                        new ModelVersionPage.Item(
                                                "flights v3", "336,776 rows", Optional.empty(), false),
                                        new ModelVersionPage.Item(
                                                "weather v1", "26,112 rows", Optional.empty(), false))),
                        new ModelVersionPage.Lineage(
                                "Features",
                                List.of(new ModelVersionPage.Item(
                                        "departures", "17 columns", Optional.empty(), false))),
                        new ModelVersionPage.Lineage(
                                "Run",
                                List.of(new ModelVersionPage.Item(
                                        "0193a5c2", "took 41.2 s", Optional.of("/runs/" + RUN), false))),
                        new ModelVersionPage.Lineage(
                                "Model",
                                List.of(new ModelVersionPage.Item(
                                        "flight-delay 1.2.0", "xgboost", Optional.empty(), true))),
                        new ModelVersionPage.Lineage(
                                "Endpoint",
                                List.of(new ModelVersionPage.Item(
                                        "flight-delay",
                                        "canary, 25 %",
                                        Optional.of("/endpoints/flight-delay"),
                                        false)))),
                Optional.of(new ModelVersionPage.GraphPart(
                        "",
                        "cascade",
                        "sure from a probability of 0.9",
                        Optional.empty(),
                        List.of(
                                new ModelVersionPage.GraphPart(
                                        "first", "quick/3", "", Optional.of("/models/quick/versions/3"), List.of()),
                                new ModelVersionPage.GraphPart(
                                        "for rows that are not sure",
                                        "slow/1",
                                        "",
                                        Optional.of("/models/slow/versions/1"),
                                        List.of())))),
                List.of(new ModelVersionPage.Item("all/2", "", Optional.of("/models/all/versions/2"), false)),
                Optional.of("/models/flight-delay/versions/3/report"),
                Optional.of("Parity: 500 stored predictions replayed, largest difference 1.2e-7."),
                Optional.of("gate 'average_precision > champion': worse by 0.01"),
                List.of(
                        new ModelVersionPage.CardPart(
                                "Intended use",
                                List.of(
                                        new ModelVersionPage.CardBlock.Text(
                                                "Predicts whether a departing flight arrives more than 15 minutes late, before departure."))),
                        new ModelVersionPage.CardPart(
                                "Limits",
                                List.of(
                                        new ModelVersionPage.CardBlock.Items(
                                                List.of("Trained on New York's three airports in 2013.")),
                                        new ModelVersionPage.CardBlock.Table(
                                                List.of("Rows of", "Rows"), List.of(List.of("train", "200,000")))))),
                SampleRunPages.files("model.onnx", 1_412_331));
    }
}
