package dev.millwright.data;

import java.util.List;
import java.util.Locale;

/** Names that data files and training sets give a meaning of their own. */
final class ReservedColumns {
    /** BIGINT, unique in a version: what a row is called, wherever it goes. */
    static final String ROW_ID = "_row_id";

    static final String LABEL = "_label";
    static final String SPLIT = "_split";

    /** BIGINT, microseconds since 1970 in UTC: when the row of a training set happened. */
    static final String TIME = "_time_micros";

    static final List<String> NAMES = List.of(ROW_ID, LABEL, SPLIT, TIME);

    private ReservedColumns() {}

    static boolean contains(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT));
    }
}
