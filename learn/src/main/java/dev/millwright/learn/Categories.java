package dev.millwright.learn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One-hot encoding of one text column. Frequent values have a slot each; the rest share a rare slot where the training rows
 * had rare values. A value never seen in training counts as rare, or, without a rare slot, sets no slot at all.
 *
 * @param keys the values with a slot of their own, in natural order; {@code ""} (missing) among them when it was seen
 * @param rare whether a rare slot follows them
 */
record Categories(String column, List<String> keys, boolean rare) {
    Categories {
        keys = List.copyOf(keys);
    }

    /**
     * Learns which values are frequent.
     *
     * @param most at most so many values get a slot of their own
     * @param least a value seen fewer times is rare
     */
    static Categories fit(String column, String[] values, int most, int least) {
        Map<String, Integer> counts = new HashMap<>();
        for (String value : values) {
            counts.merge(value, 1, Integer::sum);
        }
        List<String> frequent = counts.entrySet().stream()
                .filter(entry -> entry.getKey().isEmpty() || entry.getValue() >= least)
                .filter(entry -> PortableText.isPortable(entry.getKey()))
                .sorted(Comparator.comparing((Map.Entry<String, Integer> entry) ->
                                !entry.getKey().isEmpty())
                        .thenComparing(
                                Map.Entry.<String, Integer>comparingByValue().reversed())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new Categories(column, frequent, frequent.size() < counts.size());
    }

    int width() {
        return keys.size() + (rare ? 1 : 0);
    }

    /** Whether every training row had the same slot, so that the column says nothing. */
    boolean isConstant() {
        return width() < 2;
    }

    /** The slot of what is not among the keys; -1 for none. */
    int otherwise() {
        return rare ? keys.size() : -1;
    }

    /** Per row its slot, counted from 0, or -1. */
    int[] apply(String[] values) {
        Map<String, Integer> slots = new HashMap<>();
        for (String key : keys) {
            slots.put(key, slots.size());
        }
        int[] result = new int[values.length];
        for (int row = 0; row < values.length; row++) {
            result[row] = slots.getOrDefault(values[row], otherwise());
        }
        return result;
    }

    List<String> owners() {
        List<String> owners = new ArrayList<>();
        for (int slot = 0; slot < width(); slot++) {
            owners.add(column);
        }
        return owners;
    }
}
