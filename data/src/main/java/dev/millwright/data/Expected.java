package dev.millwright.data;

import dev.millwright.core.Problem;
import java.util.Set;

/**
 * An expectation, and what happens where it does not hold.
 *
 * @param severity as it was written
 */
public record Expected(Expectation expectation, OnViolation severity) {

    /** What happens indeed: of a whole table there is no row to set aside. */
    OnViolation effect() {
        return severity == OnViolation.QUARANTINE && expectation instanceof Expectation.OfTable
                ? OnViolation.FAIL
                : severity;
    }

    /** As it was before it was parsed. */
    public Unread unread() {
        return new Unread(expectation.text(), severity);
    }

    /** An expectation that is not parsed yet, since the columns are not known. */
    public record Unread(String text, OnViolation severity) {
        /** The tables that it refers to, as far as that can be told. */
        public Set<String> tables() {
            return ReferenceParser.tables(new ExpectationTokens(text, new Problem.Position("expect", 1, 1)));
        }
    }
}
