package dev.millwright.pipelines.jobs;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls webhooks: a few at a time, receivers in turn, and only some of the calls at a time to the same one, so that one that takes its time
 * holds up nobody else. Calls that are under way when the desk is closed are made again at the next start.
 */
final class JobCalls {
    private static final int AT_A_TIME = 8;
    private static final int TO_ONE_RECEIVER = 2;

    private final JobStore store;
    private final JobOptions options;
    private final JobWebhooks webhooks;
    private final InstantSource clock;
    /** Receivers of the calls that are under way, by job. This and what follows is guarded by the store. */
    private final Map<String, String> underWay = new HashMap<>();

    private String lastReceiver = "";
    /** When calls were looked for last; what is due by then waits for news, not for a time. */
    private long looked;

    JobCalls(JobStore store, JobOptions options, JobWebhooks webhooks, InstantSource clock) {
        this.store = store;
        this.options = options;
        this.webhooks = webhooks;
        this.clock = clock;
    }

    void start(JobThreads threads) {
        threads.repeat(() -> beginNext(threads));
    }

    private void beginNext(JobThreads threads) throws InterruptedException {
        Optional<JobTable.WebhookCall> next = store.await(this::begin, table -> table.nextCallDue(looked));
        if (next.isPresent()) {
            try {
                threads.once(() -> make(next.get()));
            } catch (RuntimeException | Error noThread) {
                leave(next.get());
                throw noThread;
            }
        }
    }

    /** The next call, to the receiver whose turn it is. */
    private Optional<JobTable.WebhookCall> begin(JobTable table) throws SQLException {
        looked = clock.millis();
        if (underWay.size() >= AT_A_TIME) {
            return Optional.empty();
        }
        for (String receiver : Turns.after(lastReceiver, table.receivers(looked))) {
            Optional<JobTable.WebhookCall> call = begin(table, receiver);
            if (call.isPresent()) {
                underWay.put(call.get().job().id(), receiver);
                lastReceiver = receiver;
                return call;
            }
        }
        return Optional.empty();
    }

    private Optional<JobTable.WebhookCall> begin(JobTable table, String receiver) throws SQLException {
        long calls = underWay.values().stream().filter(receiver::equals).count();
        if (calls >= TO_ONE_RECEIVER) {
            return Optional.empty();
        }
        // Fewer than that are under way, so that one is among them which is not.
        List<JobTable.WebhookCall> due = table.calls(receiver, looked, TO_ONE_RECEIVER);
        return due.stream()
                .filter(call -> !underWay.containsKey(call.job().id()))
                .findFirst();
    }

    private void make(JobTable.WebhookCall call) throws InterruptedException {
        try {
            JobWebhooks.Result result = webhooks.call(call, clock.instant());
            JobStore.Change called = table -> table.called(
                    call.job().id(), result.state(), result.again().map(pause -> clock.millis() + pause.toMillis()));
            store.persist(options, called, _ -> called);
        } finally {
            leave(call);
        }
    }

    private void leave(JobTable.WebhookCall call) {
        store.change(_ -> underWay.remove(call.job().id()));
    }
}
