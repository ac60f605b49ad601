package dev.millwright.data.profile;

import dev.millwright.data.TypedTable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a profile.
 *
 * @param name of the data, as a person calls it
 * @param label the column to predict; leakage is looked for when there is one
 * @param time when a row happened
 * @param entity what a row is about: its rows stay together where columns are judged
 * @param parting how train and test will be parted
 * @param knownAfter columns of which it is known that they come later than their row, and when, as a message ends: "7 days
 *     after its row"
 * @param seed of samples and folds
 */
public record ProfileRequest(
        String name,
        Optional<String> label,
        Optional<String> time,
        Optional<String> entity,
        Parting parting,
        Map<String, String> knownAfter,
        long seed) {
    public ProfileRequest {
        knownAfter = Collections.unmodifiableMap(new LinkedHashMap<>(knownAfter));
    }

    /** Of a table of which nothing is known. */
    public static ProfileRequest of(String name) {
        return new ProfileRequest(
                name, Optional.empty(), Optional.empty(), Optional.empty(), new Parting.AtRandom(0.2), Map.of(), 0);
    }

    public ProfileRequest withLabel(String column) {
        return new ProfileRequest(name, Optional.of(column), time, entity, parting, knownAfter, seed);
    }

    public ProfileRequest withTime(String column) {
        return new ProfileRequest(name, label, Optional.of(column), entity, parting, knownAfter, seed);
    }

    public ProfileRequest withEntity(String column) {
        return new ProfileRequest(name, label, time, Optional.of(column), parting, knownAfter, seed);
    }

    public ProfileRequest withParting(Parting value) {
        return new ProfileRequest(name, label, time, entity, value, knownAfter, seed);
    }

    public ProfileRequest withKnownAfter(Map<String, String> value) {
        return new ProfileRequest(name, label, time, entity, parting, value, seed);
    }

    public ProfileRequest withSeed(long value) {
        return new ProfileRequest(name, label, time, entity, parting, knownAfter, value);
    }

    /** How train and test are parted. */
    public sealed interface Parting {
        /** @param test share of the rows, above 0 and below 1 */
        record AtRandom(double test) implements Parting {
            public AtRandom {
                requireShare(test);
            }
        }

        /**
         * The latest rows are the test.
         *
         * @param test share of the rows, above 0 and below 1
         */
        record ByTime(String column, double test) implements Parting {
            public ByTime {
                requireShare(test);
            }
        }

        /** @param test of the same session, with the same columns in any order */
        record BySource(TypedTable test) implements Parting {}

        private static void requireShare(double test) {
            if (!(test > 0 && test < 1)) {
                throw new IllegalArgumentException("test: " + test + " (expected: above 0 and below 1)");
            }
        }
    }
}
