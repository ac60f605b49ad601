package dev.millwright.serving.remote;

import dev.millwright.serving.BackendStatus;
import java.net.URI;
import java.time.Duration;

/**
 * What is known of one server, and whether it is asked. Taken out when it fails too often, for a second at first and twice as long each
 * time; then a single call is its trial. Guarded by its pool.
 */
final class Backend {
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(30).toNanos();

    /** After so long without a failure that counted, the next pause is the first again. */
    private static final long CALM = Duration.ofMinutes(1).toNanos();

    final URI url;
    final BackendClient client;
    final OutcomeWindow window = new OutcomeWindow();
    int consecutiveFailures;
    long retried;

    private boolean ready = true;
    private boolean ejected;
    private boolean onTrial;
    private long until;
    private int ejectionsInARow;
    private long ejections;
    private int outstanding;
    private long answered;
    private long failed;
    private long busy;
    private long nanos;

    Backend(URI url, BackendClient client) {
        this.url = url;
        this.client = client;
    }

    /** Whether it is in the ordinary turn. */
    boolean isAdmitted() {
        return !ejected;
    }

    boolean isReady() {
        return ready;
    }

    /** Whether it is taken out, but may show by one call that it works again. */
    boolean isDueForTrial(long now) {
        return mayBeTried() && now - until >= 0;
    }

    /** Whether it is taken out and may be asked all the same, if need be. */
    boolean mayBeTried() {
        return ejected && ready && !onTrial;
    }

    int outstanding() {
        return outstanding;
    }

    void begin() {
        outstanding++;
        onTrial = ejected;
    }

    /** A call has ended. */
    void end(BackendPool.Ending ending, long took) {
        outstanding--;
        nanos += took;
        switch (ending) {
            case ANSWERED -> answered++;
            case FAILED -> failed++;
            case PUT_OFF -> busy++;
        }
    }

    void eject(long now) {
        if (!ejected && now - until > CALM) {
            ejectionsInARow = 0;
        }
        ejected = true;
        onTrial = false;
        ejections++;
        until = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(ejectionsInARow, 10));
        ejectionsInARow++;
    }

    /** It works again. */
    void admit(long now) {
        ejected = false;
        onTrial = false;
        until = now;
        consecutiveFailures = 0;
        window.clear();
    }

    /** A trial that showed nothing: another may follow at once. */
    void endTrial() {
        onTrial = false;
    }

    /** What it says of itself. One that comes back needn't wait for its trial. */
    void says(boolean isReady, long now) {
        if (isReady && !ready) {
            until = now;
        }
        ready = isReady;
    }

    BackendStatus status() {
        return new BackendStatus(
                url.toString(), state(), outstanding, answered, failed, busy, retried, nanos, ejections);
    }

    private BackendStatus.State state() {
        if (!ready) {
            return BackendStatus.State.NOT_READY;
        }
        return ejected
                ? onTrial ? BackendStatus.State.ON_TRIAL : BackendStatus.State.EJECTED
                : BackendStatus.State.READY;
    }
}
