package dev.millwright.monitoring;

/**
 * How much waits to be written.
 *
 * @param bytes that the rows take
 */
record Held(int events, int rows, long bytes) {
    static final Held NOTHING = new Held(0, 0, 0);

    Held plus(Held other) {
        return new Held(events + other.events, rows + other.rows, bytes + other.bytes);
    }
}
