package dev.millwright.plan.window;

/**
 * What holds for all keys of a window.
 *
 * @param latenessMicros how far behind the newest event another may be and still be answered exactly
 */
record WindowRules(WindowShape shape, SummaryLayout layout, long latenessMicros) {
    WindowRules(WindowShape shape, long latenessMicros) {
        this(shape, new SummaryLayout(shape.columns()), latenessMicros);
    }
}
