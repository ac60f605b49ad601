package dev.millwright.pipelines.jobs;

import java.util.ArrayList;
import java.util.List;

/** Whose turn it is among those that have something to be done. */
final class Turns {
    private Turns() {}

    /** Those after the one that was last, by name, then those up to it. */
    static List<String> after(String last, List<String> names) {
        List<String> inTurn = new ArrayList<>();
        names.stream().filter(name -> name.compareTo(last) > 0).forEach(inTurn::add);
        names.stream().filter(name -> name.compareTo(last) <= 0).forEach(inTurn::add);
        return inTurn;
    }
}
