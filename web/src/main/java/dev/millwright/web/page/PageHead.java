package dev.millwright.web.page;

import java.time.Instant;
import java.util.Optional;

/**
 * What the frame around every page needs.
 *
 * @param now the time that relative times count from
 * @param formToken what forms send back
 * @param version of the program
 * @param user who is logged in, if anybody is
 * @param assets part of the address of style and scripts, so that a new program is never shown in an old style
 */
public record PageHead(
        String title,
        Section section,
        Instant now,
        String formToken,
        String version,
        String assets,
        Optional<String> user) {
    /** How long ago, or in how long. */
    public Moment moment(Instant instant) {
        return new Moment(instant, now);
    }
}
