package dev.millwright.monitoring;

import java.util.ArrayList;
import java.util.List;

/**
 * The judgements of an endpoint, evenly thinned: when it is full every other one goes, and from then on every other one
 * comes in. So the whole stretch stays in view, ever more coarsely, in bounded memory. The newest is always there. Not
 * thread-safe.
 */
final class JudgementHistory {
    private static final int CAPACITY = 240;

    private final List<Judgement> kept = new ArrayList<>();
    private long stride = 1;
    private long seen;
    private boolean newestIsExtra;

    void add(Judgement judgement) {
        if (newestIsExtra) {
            kept.removeLast();
        }
        kept.add(judgement);
        newestIsExtra = seen++ % stride != 0;
        if (kept.size() > CAPACITY) {
            thin();
        }
    }

    private void thin() {
        List<Judgement> every = new ArrayList<>();
        for (int i = 0; i < kept.size(); i += 2) {
            every.add(kept.get(i));
        }
        boolean newestGone = kept.size() % 2 == 0;
        if (newestGone) {
            every.add(kept.getLast());
        }
        newestIsExtra |= newestGone;
        kept.clear();
        kept.addAll(every);
        stride *= 2;
    }

    /** Oldest first. */
    List<Judgement> list() {
        return List.copyOf(kept);
    }
}
