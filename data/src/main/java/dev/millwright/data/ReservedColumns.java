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

    /** BOOLEAN: whether the label of a view's row isn't known yet. */
    static final String PENDING = "_pending";

    /** TIMESTAMP: when the label of a view's row is known. */
    static final String LABEL_TIME = "_label_time";

    static final List<String> NAMES = List.of(ROW_ID, LABEL, SPLIT, TIME, PENDING, LABEL_TIME);

    private ReservedColumns() {}

    static boolean contains(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT));
    }
}
