package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.Event;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.TimelineEntry;
import dev.millwright.registry.Verification;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.EventsPage;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.Happening;
import dev.millwright.web.page.Moment;
import dev.millwright.web.page.Paths;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.TimelinePage;
import dev.millwright.web.page.Tone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The event record: as the loop's story, and entry by entry. */
final class RecordPages {
    private static final int HAPPENINGS = 60;
    private static final int ENTRIES = 50;

    private final Site site;
    private final EndpointCards cards;
    private final Chronicle chronicle;
    private final RecordCheck check;

    RecordPages(Site site, EndpointCards cards, Chronicle chronicle) {
        this.site = site;
        this.cards = cards;
        this.chronicle = chronicle;
        this.check = new RecordCheck(site.registry().events(), site.services().clock());
    }

    void add(Routes routes) {
        routes.get("/timeline", Operation.page("What happened to endpoints"), this::timeline);
        routes.get("/events", Operation.page("The record"), this::events);
    }

    private HttpResponse timeline(Call call) {
        Optional<String> endpoint = call.query("endpoint");
        List<String> names =
                site.registry().endpoints().list().stream().map(Endpoint::name).toList();
        Optional<Instant> at = call.query("at").map(text -> Times.parse("at", text));
        Chronicle.Part part = chronicle.tell(HAPPENINGS, call.number("before", 0), endpoint);
        Optional<String> older = part.before()
                .map(before -> "/timeline?before=" + before
                        + endpoint.map(name -> "&endpoint=" + Paths.part(name)).orElse(""));
        return site.templates()
                .page(
                        "timeline",
                        new TimelinePage(
                                site.head("Timeline", Section.TIMELINE),
                                endpoint,
                                names,
                                at.map(instant ->
                                        at(instant, endpoint.map(List::of).orElse(names))),
                                days(part.happenings()),
                                older));
    }

    private TimelinePage.At at(Instant instant, List<String> endpoints) {
        List<TimelinePage.Served> served = new ArrayList<>();
        for (String endpoint : endpoints) {
            site.registry()
                    .endpoints()
                    .servedAt(endpoint, instant)
                    .filter(entry -> !entry.versions().isEmpty())
                    .map(entry -> served(endpoint, entry))
                    .ifPresent(served::add);
        }
        return new TimelinePage.At(site.moment(instant), served);
    }

    private TimelinePage.Served served(String endpoint, TimelineEntry entry) {
        return new TimelinePage.Served(
                endpoint,
                cards.shares(entry.model(), entry.status(), entry.versions()),
                site.moment(entry.time()),
                entry.reason());
    }

    private static List<TimelinePage.Day> days(List<Happening> happenings) {
        Map<String, List<Happening>> byDay = new LinkedHashMap<>();
        happenings.forEach(happening -> byDay.computeIfAbsent(happening.time().day(), day -> new ArrayList<>())
                .add(happening));
        return byDay.entrySet().stream()
                .map(day -> new TimelinePage.Day(day.getKey(), day.getValue()))
                .toList();
    }

    private HttpResponse events(Call call) {
        Optional<String> subject = call.query("subject");
        EventFilter filter = new EventFilter(
                Math.max(0, call.number("before", 0)),
                Optional.empty(),
                subject,
                ENTRIES,
                EventFilter.Order.NEWEST_FIRST);
        List<Event> events = site.registry().events().list(filter);
        Optional<String> older = events.size() < ENTRIES
                ? Optional.empty()
                : Optional.of("/events?before=" + events.getLast().sequence()
                        + subject.map(name -> "&subject=" + Paths.part(name)).orElse(""));
        RecordCheck.Checked checked = check.now();
        return site.templates()
                .page(
                        "events",
                        new EventsPage(
                                site.head("Record", Section.EVENTS),
                                badge(checked.verification()),
                                detail(checked),
                                events.stream().map(this::row).toList(),
                                subject,
                                older));
    }

    private static Badge badge(Verification verification) {
        return verification.ok() ? new Badge("chain holds", Tone.GOOD) : new Badge("chain is broken", Tone.BAD);
    }

    private String detail(RecordCheck.Checked checked) {
        Moment when = site.moment(checked.time());
        return checked.verification()
                .firstBroken()
                .map(broken -> "entry " + broken.sequence() + ": " + broken.why())
                .orElseGet(() -> Figures.counted(checked.verification().checked(), "entry", "entries") + ", verified "
                        + when.relative());
    }

    private EventsPage.EventRow row(Event event) {
        return new EventsPage.EventRow(
                event.sequence(),
                site.moment(event.time()),
                event.type(),
                event.subject(),
                event.data().entrySet().stream()
                        .map(entry -> new Fact(entry.getKey(), entry.getValue()))
                        .toList(),
                event.hash());
    }
}
