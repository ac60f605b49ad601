package dev.millwright.monitoring;

import dev.millwright.serving.PredictionEvent;

/** Sees predictions one by one, off the request's path. */
@FunctionalInterface
public interface PredictionObserver {
    /** Called by one thread at a time. */
    void observe(PredictionEvent event);
}
