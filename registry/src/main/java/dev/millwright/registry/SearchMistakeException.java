package dev.millwright.registry;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;

/** A filter that cannot be read or cannot hold, with the place of the mistake in it. */
public final class SearchMistakeException extends MillwrightException {
    private static final long serialVersionUID = 1;

    private final int column;

    /** @param column of the mistake in the filter, counted in characters from 1 */
    SearchMistakeException(String message, int column) {
        super(CoreError.INVALID_INPUT, message);
        this.column = column;
    }

    /** Counts from 1; one more than the filter's length when its end is what is wrong. */
    public int column() {
        return column;
    }
}
