package dev.millwright.data.profile;

import org.jspecify.annotations.Nullable;

/** A column of the rows that are held in memory. */
sealed interface SampleColumn {
    String name();

    /** One class for each different value, in the order of the values. */
    Codes codes();

    /** Numbers, or instants as seconds since 1970; NaN where there is none. */
    record Numeric(String name, double[] values, Codes codes) implements SampleColumn {
        static Numeric of(String name, double[] values) {
            return new Numeric(name, values, Codes.of(values));
        }
    }

    /** Texts, or booleans. */
    record Categorical(String name, Codes codes) implements SampleColumn {
        static Categorical of(String name, @Nullable String[] values) {
            return new Categorical(name, Codes.of(values));
        }
    }
}
