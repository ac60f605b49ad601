package dev.millwright.app;

import dev.millwright.data.Lake;
import dev.millwright.monitoring.FeedbackStore;

/** Removes what killed processes left behind in the lake, and labels that no prediction ever matched. */
record Housekeeping(Lake lake, FeedbackStore feedback) implements Runnable {
    @Override
    public void run() {
        lake.sweep();
        feedback.expire();
    }
}
