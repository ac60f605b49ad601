package dev.millwright.app;

import dev.millwright.core.ErrorKind;
import dev.millwright.core.MillwrightException;
import dev.millwright.monitoring.MonitorEngine;
import dev.millwright.pipelines.Deployments;
import dev.millwright.pipelines.EventDesk;
import dev.millwright.pipelines.Watch;
import dev.millwright.serving.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets time pass: for rollouts and monitors several times a second, for what may take a while on a thread of its own. */
final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long PERIOD_MILLIS = 200;
    private static final long DOORS_MILLIS = 1_000;
    private static final long FIRST_MILLIS = 60_000;
    private static final long REFRESH_MILLIS = 5_000;
    private static final long FORGET_MILLIS = TimeUnit.MINUTES.toMillis(5);
    private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);
    /** Endpoints whose models are loaded right after the start; those of others by their first request. */
    private static final int PRELOADED = 16;

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ScheduledExecutorService timer = Threads.timer("heartbeat");
    private final ScheduledExecutorService slow = Threads.timer("upkeep");
    /** Of its own, for what it brings to the disk must be there soon, and a slow disk must hold up nobody. */
    private final ScheduledExecutorService logs = Threads.timer("event-logs");

    private final ScheduledExecutorService start = Threads.timer("start");
    private final InstantSource clock;
    /** What a start does is of no use any more. */
    private volatile boolean closing;

    Heartbeat(
            InstantSource clock,
            Router router,
            Deployments deployments,
            Watch watch,
            MonitorEngine monitors,
            EventDesk events,
            Consumer<BooleanSupplier> warmUp,
            Runnable housekeeping) {
        this.clock = clock;
        every(timer, PERIOD_MILLIS, () -> deployments.rollouts().tick(clock.instant()), "rollouts");
        every(timer, PERIOD_MILLIS, () -> watch.follow(monitors), "what is watched");
        every(timer, PERIOD_MILLIS, () -> monitors.tick(clock.instant()), "monitors");
        deployments.endpoints().stream()
                .limit(PRELOADED)
                .forEach(endpoint -> first(() -> deployments.preload(endpoint), "the models of " + endpoint));
        first(() -> warmUp.accept(() -> closing), "the warm-up");
        every(slow, DOORS_MILLIS, deployments.rollouts()::keepReady, "the models of rollouts");
        every(slow, DOORS_MILLIS, router::trimModels, "the memory for models");
        every(slow, DOORS_MILLIS, events::openDoors, "event doors");
        every(slow, REFRESH_MILLIS, events::refresh, "newer data for events");
        every(slow, FORGET_MILLIS, events::forget, "events that no window reaches");
        every(logs, DOORS_MILLIS, events::upkeep, "the logs of events");
        every(slow, HOUR_MILLIS, housekeeping, "housekeeping");
    }

    /** Goes on after a failure: what failed once may work at the next beat, and the log says that it failed. */
    private void every(ScheduledExecutorService executor, long periodMillis, Runnable work, String what) {
        var _ = executor.scheduleWithFixedDelay(
                guarded(work, what), Math.min(periodMillis, FIRST_MILLIS), periodMillis, TimeUnit.MILLISECONDS);
    }

    private void first(Runnable work, String what) {
        Runnable guarded = guarded(work, what);
        start.execute(() -> {
            if (!closing) {
                guarded.run();
            }
        });
    }

    private Runnable guarded(Runnable work, String what) {
        return () -> {
            try {
                work.run();
            } catch (MillwrightException away) {
                if (away.code().kind() == ErrorKind.UNAVAILABLE) {
                    LOG.warn("the heartbeat of {} waits for another server: {}", what, away.getMessage());
                } else {
                    LOG.error("the heartbeat of {} failed at {}", what, clock.instant(), away);
                }
            } catch (RuntimeException failed) {
                LOG.error("the heartbeat of {} failed at {}", what, clock.instant(), failed);
            }
        };
    }

    @Override
    public void close() {
        closing = true;
        Threads.end(start, GRACE);
        Threads.end(slow, GRACE);
        Threads.end(logs, GRACE);
        Threads.end(timer, GRACE);
    }
}
