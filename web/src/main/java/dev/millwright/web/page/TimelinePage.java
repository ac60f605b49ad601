package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * What served when, and why.
 *
 * @param endpoint only this one, when given
 * @param at the time that was asked about
 * @param days what happened, newest day first
 */
public record TimelinePage(
        PageHead head,
        Optional<String> endpoint,
        List<String> endpoints,
        Optional<At> at,
        List<Day> days,
        Optional<String> older) {
    public TimelinePage {
        endpoints = List.copyOf(endpoints);
        days = List.copyOf(days);
    }

    /** The time that was asked about, as a form field writes it. */
    public String atText() {
        return at.map(at -> at.time().machine().replace("Z", "")).orElse("");
    }

    /** What happened on one day, newest first. */
    public record Day(String date, List<Happening> happenings) {
        public Day {
            happenings = List.copyOf(happenings);
        }
    }

    /** The answer to "what served then?". */
    public record At(Moment time, List<Served> served) {
        public At {
            served = List.copyOf(served);
        }
    }

    /** What served an endpoint at that time, and why. */
    public record Served(String endpoint, List<VersionShare> shares, Moment since, String reason) {
        public Served {
            shares = List.copyOf(shares);
        }
    }
}
