package dev.millwright.web;

/** Whether clients should be sent to the server. Requests are answered before that too, if slower. Thread-safe. */
final class Readiness {
    private volatile boolean ready;

    boolean isReady() {
        return ready;
    }

    void reached() {
        ready = true;
    }
}
