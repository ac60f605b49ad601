package dev.millwright.web;

import com.linecorp.armeria.server.healthcheck.ListenableHealthChecker;
import com.linecorp.armeria.server.healthcheck.SettableHealthChecker;

/** Whether clients should be sent to the server. Requests are answered before that too, if slower. Thread-safe. */
final class Readiness {
    private final SettableHealthChecker ready = new SettableHealthChecker(false);

    boolean isReady() {
        return ready.isHealthy();
    }

    void reached() {
        ready.setHealthy(true);
    }

    /** The same for those who want to be told when it is so. */
    ListenableHealthChecker checker() {
        return ready;
    }
}
