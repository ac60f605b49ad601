package dev.millwright.serving;

/** Where answered requests are told of. Implementations are thread-safe, return at once and never throw. */
@FunctionalInterface
public interface PredictionSink {
    /** For endpoints that nobody watches. */
    PredictionSink NONE = event -> {};

    /** Takes note of the event, or counts it as dropped when there is no room; never blocks. */
    void accept(PredictionEvent event);

    /** Events dropped since the start for want of room. */
    default long dropped() {
        return 0;
    }
}
