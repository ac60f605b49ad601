package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * The append-only record.
 *
 * @param chain whether the chain of hashes holds
 */
public record EventsPage(
        PageHead head,
        Badge chain,
        String chainDetail,
        List<EventRow> events,
        Optional<String> subject,
        Optional<String> older) {
    public EventsPage {
        events = List.copyOf(events);
    }

    /** One entry. */
    public record EventRow(long sequence, Moment time, String type, String subject, List<Fact> data, String hash) {
        public EventRow {
            data = List.copyOf(data);
        }
    }
}
