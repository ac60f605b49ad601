package dev.millwright.web;

import static dev.millwright.web.SampleValues.OTHER_RUN;
import static dev.millwright.web.SampleValues.RUN;
import static dev.millwright.web.SampleValues.ago;

import dev.millwright.web.page.Badge;
import dev.millwright.web.page.EventsPage;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Happening;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.TimelinePage;
import dev.millwright.web.page.Tone;
import dev.millwright.web.page.VersionShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What happened: as a story, and entry by entry. */
final class SampleRecordPages {
    private final BiFunction<String, Section, PageHead> heads;

    SampleRecordPages(BiFunction<String, Section, PageHead> heads) {
        this.heads = heads;
    }

    static List<Happening> lately() {
        return List.of(
                new Happening(
                        ago(Duration.ofSeconds(42)),
                        Tone.BUSY,
                        "flight-delay: canary 1.2.0 went from 5 % to 25 %",
                        "error rate 0.04 %, p99 4.3 ms, no shift in the output after 1,204 requests",
                        Optional.of("/endpoints/flight-delay")),
                new Happening(
                        ago(Duration.ofMinutes(11)),
                        Tone.GOOD,
                        "flight-delay 1.2.0 passed its gates",
                        "average_precision 0.4312 ≥ 0.40; better than champion 1.1.0 by 0.0121 (95 % interval 0.0043 to 0.0198)",
                        Optional.of("/models/flight-delay/versions/3")),
                new Happening(
                        ago(Duration.ofMinutes(13)),
                        Tone.WARN,
                        "card-fraud-eu-west-production: drift in amount_over_card_mean_7d",
                        "psi 0.31 over the threshold 0.2 in the last 5,000 predictions",
                        Optional.of("/endpoints/card-fraud-eu-west-production/monitor")),
                new Happening(
                        ago(Duration.ofHours(5)),
                        Tone.BAD,
                        "Run of churn failed",
                        "gate: roc_auc 0.8123 (expected: ≥ 0.83)",
                        Optional.of("/runs/" + OTHER_RUN)));
    }

    TimelinePage timeline() {
        return new TimelinePage(
                heads.apply("Timeline", Section.TIMELINE),
                Optional.empty(),
                List.of("churn", "flight-delay"),
                Optional.of(new TimelinePage.At(
                        ago(Duration.ofHours(1)),
                        List.of(new TimelinePage.Served(
                                "flight-delay",
                                List.of(new VersionShare("flight-delay", 2, "1.1.0", "champion", 1)),
                                ago(Duration.ofHours(30)),
                                "rollout of 1.1.0 reached 100 %")))),
                List.of(new TimelinePage.Day("21 Nov 2026", lately()), new TimelinePage.Day("20 Nov 2026", lately())),
                Optional.of("/timeline?before=12"));
    }

    EventsPage events() {
        List<EventsPage.EventRow> rows = new ArrayList<>();
        String[] types = {
            "endpoint.rollout_advanced",
            "model_version.registered",
            "alias.set",
            "run.finished",
            "dataset_version.recorded"
        };
        for (int i = 0; i < 12; i++) {
            rows.add(new EventsPage.EventRow(
                    1_204 - i,
                    ago(Duration.ofMinutes(3L + 17L * i)),
                    types[i % types.length],
                    i % 2 == 0 ? "flight-delay" : RUN,
                    List.of(new Fact("from", "0.05"), new Fact("reason", "error rate 0.04 %, p99 4.3 ms")),
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));
        }
        return new EventsPage(
                heads.apply("Record", Section.EVENTS),
                new Badge("chain holds", Tone.GOOD),
                "1 204 entries, verified just now",
                rows,
                Optional.empty(),
                Optional.of("/events?before=1192"));
    }
}
