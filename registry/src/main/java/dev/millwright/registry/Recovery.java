package dev.millwright.registry;

import java.util.List;

/** What a dead owner had left running and is now marked as interrupted; pipeline runs among it can be resumed. */
public record Recovery(List<Run> runs, List<Step> steps) {
    public Recovery {
        runs = List.copyOf(runs);
        steps = List.copyOf(steps);
    }
}
