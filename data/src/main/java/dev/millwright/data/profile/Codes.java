package dev.millwright.data.profile;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column as classes, in the order of its values.
 *
 * @param of by row, from 0 to {@code size} - 1, or {@link #MISSING}
 * @param size how many classes there are; each has at least one row
 */
record Codes(int[] of, int size) {
    static final int MISSING = -1;

    /** Codes with numbers in them sort by these: {@code C9} comes before {@code C10}. */
    static final Comparator<String> NATURAL =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    /** One class for each different number; NaN is missing. */
    static Codes of(double[] values) {
        double[] present = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .map(value -> value + 0.0) // turns -0 into 0
                .sorted()
                .distinct()
                .toArray();
        int[] codes = new int[values.length];
        for (int row = 0; row < codes.length; row++) {
            codes[row] = Double.isNaN(values[row]) ? MISSING : Arrays.binarySearch(present, values[row] + 0.0);
        }
        return new Codes(codes, present.length);
    }

    /** One class for each different text, in {@linkplain #NATURAL natural order}; null is missing. */
    static Codes of(@Nullable String[] values) {
        String[] names = names(values);
        Map<String, Integer> codes = new HashMap<>();
        for (String name : names) {
            codes.put(name, codes.size());
        }
        int[] of = new int[values.length];
        for (int row = 0; row < of.length; row++) {
            String value = values[row];
            of[row] = value == null ? MISSING : codes.getOrDefault(value, MISSING);
        }
        return new Codes(of, names.length);
    }

    /** The different texts, in the order of their classes. */
    static String[] names(@Nullable String[] values) {
        return Arrays.stream(values)
                .filter(value -> value != null)
                .distinct()
                .sorted(NATURAL)
                .toArray(String[]::new);
    }

    int rows() {
        return of.length;
    }

    /** Rows of each class. */
    int[] counts() {
        int[] counts = new int[size];
        for (int code : of) {
            if (code != MISSING) {
                counts[code]++;
            }
        }
        return counts;
    }

    /** Neighbouring classes put together, so that there are at most {@code most} of as nearly the same size as can be. */
    Codes grouped(int most) {
        if (size <= most) {
            return this;
        }
        int[] counts = counts();
        long present = Arrays.stream(counts).sum();
        int[] group = new int[size];
        long before = 0;
        long last = -1;
        int groups = 0;
        for (int code = 0; code < size; code++) {
            long at = most * (2 * before + counts[code]) / (2 * present);
            groups += at == last ? 0 : 1;
            group[code] = groups - 1;
            last = at;
            before += counts[code];
        }
        int[] grouped = new int[of.length];
        for (int row = 0; row < of.length; row++) {
            grouped[row] = of[row] == MISSING ? MISSING : group[of[row]];
        }
        return new Codes(grouped, groups);
    }

    /** Whether a row has no value: one class for those that have, one for those that have not. */
    Codes presence() {
        int[] present = new int[of.length];
        boolean some = false;
        for (int row = 0; row < of.length; row++) {
            present[row] = of[row] == MISSING ? MISSING : 0;
            some |= of[row] != MISSING;
        }
        return new Codes(present, some ? 1 : 0);
    }
}
