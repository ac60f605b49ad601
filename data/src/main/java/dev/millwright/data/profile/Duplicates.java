package dev.millwright.data.profile;

import java.util.List;
import java.util.Optional;

/**
 * Rows that stand more than once.
 *
 * @param whole rows that are equal in every column
 * @param ids the columns that name a row, which are left out of {@code butForIds}
 * @param butForIds rows that are equal in every column but {@code ids}; empty where no column is one
 */
public record Duplicates(Repeats whole, List<String> ids, Optional<Repeats> butForIds) {
    public Duplicates {
        ids = List.copyOf(ids);
    }

    /**
     * Repeated rows.
     *
     * @param groups rows of one group are equal
     * @param rows in all groups
     * @param largest rows of the largest group; 0 without any
     * @param examples the first row of each of the largest groups
     */
    public record Repeats(long groups, long rows, long largest, List<Example> examples) {
        public Repeats {
            examples = List.copyOf(examples);
        }

        /** Rows that would go if one of each group stayed. */
        public long surplus() {
            return rows - groups;
        }
    }

    /** A repeated row: {@code column=value} for its first columns. */
    public record Example(long rows, String row) {}
}
