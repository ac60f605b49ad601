package dev.millwright.data;

/** How rows are divided into train, validation and test. Shares are from 0 (inclusive) to 1 (exclusive). */
public sealed interface SplitSpec {
    /** Of all labelled rows, the share kept for the test. */
    double test();

    /** Of the rest, the share kept for validation. */
    double validation();

    /** Whether each class is divided on its own. */
    enum Stratify {
        BY_CLASS,
        NONE
    }

    /** By hash of seed and row id, so that the order of the rows doesn't matter. */
    record Random(double test, double validation, long seed, Stratify stratify) implements SplitSpec {
        public Random {
            requireShares(test, validation);
        }
    }

    /**
     * The latest rows are the test, and the latest of the earlier ones the validation. Rows of the same instant stay together.
     *
     * @param column a TIMESTAMP column of the view
     */
    record ByTime(String column, double test, double validation) implements SplitSpec {
        public ByTime {
            requireShares(test, validation);
        }
    }

    private static void requireShares(double test, double validation) {
        if (!(test >= 0 && test < 1)) {
            throw new IllegalArgumentException("test: " + test + " (expected: from 0% to below 100%)");
        }
        if (!(validation >= 0 && validation < 1)) {
            throw new IllegalArgumentException("validation: " + validation + " (expected: from 0% to below 100%)");
        }
    }
}
