package dev.millwright.web.mlflow;

import java.util.ArrayList;
import java.util.List;

/** Leaves out of a long list what a picture does not need. */
final class Thinning {
    private Thinning() {}

    /** At most {@code most} items, evenly spaced, the first and the last among them. */
    static <T> List<T> evenly(List<T> items, int most) {
        if (items.size() <= most) {
            return items;
        }
        if (most == 1) {
            return List.of(items.getLast());
        }
        List<T> kept = new ArrayList<>(most);
        for (int i = 0; i < most; i++) {
            kept.add(items.get((int) ((long) i * (items.size() - 1) / (most - 1))));
        }
        return kept;
    }
}
