package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.web.page.Badge;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.Moment;
import dev.millwright.web.page.OverviewPage;
import dev.millwright.web.page.RunColumn;
import dev.millwright.web.page.RunLine;
import dev.millwright.web.page.RunOrder;
import dev.millwright.web.page.RunQuery;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.RunsPage;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.Tone;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TemplatesTest {
    private static final String HOSTILE = "<script>alert('x')</script>\" onmouseover=\"alert(1)";

    private final Templates templates = new Templates(InstantSource.fixed(SampleValues.NOW), "0.1.0", Assets.load());

    private String render(String template, Object page) {
        return new String(templates.render(template, page), StandardCharsets.UTF_8);
    }

    @Test
    void everyPage_rendersInTheFrame_withoutInlineScriptOrStyle() {
        Map<String, SamplePages.Page> pages = new SamplePages(templates::head).all();
        assertThat(pages).hasSizeGreaterThan(10);
        pages.forEach((path, page) -> assertThat(render(page.template(), page.content()))
                .as(path)
                .contains("<!doctype html>", "<h1>", "Skip to content")
                .doesNotContain("style=", "<style", "javascript:", "onclick", ">null<"));
    }

    @Test
    void hostileNames_areShownAndNotRun() {
        RunRow row = new RunRow(
                HOSTILE,
                HOSTILE,
                HOSTILE,
                new Badge(HOSTILE, Tone.GOOD),
                new Moment(SampleValues.NOW, SampleValues.NOW),
                Optional.of(1.0),
                HOSTILE,
                Optional.of(0.5),
                Optional.of(new RunRow.VersionLink(HOSTILE, 1, HOSTILE)));
        String html = runs(row, Optional.empty())
                + runs(row, Optional.of(new RunsPage.Mistake(HOSTILE, Optional.of(3))))
                + render(
                        "dataset", new SampleDatasetPages(templates::head).dataset(HOSTILE, HOSTILE, HOSTILE, HOSTILE));
        assertThat(html)
                .contains("&lt;script&gt;alert", "&#34; onmouseover=&#34;")
                .doesNotContain("<script>alert");
    }

    private String runs(RunRow row, Optional<RunsPage.Mistake> mistake) {
        RunColumn column = RunColumn.parse(HOSTILE);
        return render(
                "runs",
                new RunsPage(
                        templates.head(HOSTILE, Section.RUNS),
                        new RunQuery(
                                Optional.of(HOSTILE),
                                Optional.of(HOSTILE),
                                Optional.empty(),
                                HOSTILE,
                                HOSTILE,
                                Optional.of(new RunOrder(HOSTILE, RunOrder.Direction.ASCENDING)),
                                List.of(column),
                                Optional.of(HOSTILE)),
                        new RunsPage.Choices(
                                List.of(
                                        new RunsPage.ExperimentChoice(HOSTILE, HOSTILE),
                                        new RunsPage.ExperimentChoice("0", "Default")),
                                List.of(HOSTILE),
                                List.of(),
                                List.of(HOSTILE),
                                List.of(column)),
                        List.of(new RunLine(
                                row,
                                List.of(new RunLine.Cell(HOSTILE, RunLine.Alignment.TEXT)),
                                3,
                                0,
                                Optional.of(HOSTILE))),
                        List.of(new RunsPage.Heading(HOSTILE, HOSTILE, RunOrder.NEWEST_FIRST, RunLine.Alignment.TEXT)),
                        mistake,
                        Optional.empty()));
    }

    @Test
    void newHome_saysWhatToTypeNext() {
        OverviewPage empty =
                new OverviewPage(templates.head("Overview", Section.OVERVIEW), List.of(), List.of(), List.of());
        assertThat(render("overview", empty)).contains("./millwright init", "./millwright run", "./millwright demo");
    }

    @Test
    void figures_areShortAndCarryUnits() {
        assertThat(Figures.percent(0.0004)).isEqualTo("0.04\u202f%");
        assertThat(Figures.percent(0.25)).isEqualTo("25\u202f%");
        assertThat(Figures.percent(0.031)).isEqualTo("3.1\u202f%");
        assertThat(Figures.count(1_203_441)).isEqualTo("1\u202f203\u202f441");
        assertThat(Figures.metric(-0.41)).isEqualTo("−0.4100");
        assertThat(Figures.metric(12_345.6)).isEqualTo("12\u202f346");
        assertThat(Figures.milliseconds(4.31)).isEqualTo("4.3\u202fms");
        assertThat(Figures.seconds(3_700)).isEqualTo("1\u202fh 1\u202fmin");
        assertThat(Figures.rate(0.25)).isEqualTo("0.3/s");
    }

    @Test
    void times_areRelativeToNow_andExactInUtc() {
        Moment past = new Moment(SampleValues.NOW.minus(Duration.ofMinutes(3)), SampleValues.NOW);
        assertThat(past.relative()).isEqualTo("3 min ago");
        assertThat(past.exact()).isEqualTo("2026-11-21 14:00:07 UTC");
        assertThat(new Moment(SampleValues.NOW.plusSeconds(40), SampleValues.NOW).relative())
                .isEqualTo("in 40 s");
        assertThat(new Moment(SampleValues.NOW.minus(Duration.ofDays(90)), SampleValues.NOW).relative())
                .isEqualTo("23 Aug 2026");
    }
}
