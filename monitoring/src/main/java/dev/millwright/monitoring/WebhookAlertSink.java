package dev.millwright.monitoring;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Posts alerts as JSON, one at a time in their order, on a thread of its own. Answers from 500 on, 408, 429 and failed
 * connections are tried again; redirects are not followed. An alert that isn't delivered is handed to {@code failures}.
 * Thread-safe.
 */
public final class WebhookAlertSink implements AlertSink, AutoCloseable {
    private final WebhookOptions options;
    private final Consumer<Failure> failures;
    private final WebhookSender client;
    private final BlockingQueue<MonitorEvent> queue;
    private final Thread sender;
    private final LongAdder delivered = new LongAdder();
    private volatile boolean closing;

    /**
     * An alert that wasn't delivered.
     *
     * @param reason the last attempt's outcome, or that there was no room
     */
    public record Failure(MonitorEvent event, int attempts, String reason) {}

    /** @param failures records what wasn't delivered: on the event record; called on the sender's or the caller's thread */
    public WebhookAlertSink(WebhookOptions options, Consumer<Failure> failures, ThreadFactory threads) {
        this.options = options;
        this.failures = failures;
        this.client = new WebhookSender(options.timeout());
        this.queue = new ArrayBlockingQueue<>(options.queued());
        this.sender = threads.newThread(this::sendUntilClosed);
        this.sender.start();
    }

    @Override
    public void accept(MonitorEvent event) {
        if (closing || !queue.offer(event)) {
            failures.accept(new Failure(
                    event, 0, closing ? "the server is stopping" : options.queued() + " alerts wait already"));
        }
    }

    /** Alerts that the other side has taken since the start. */
    public long delivered() {
        return delivered.sum();
    }

    private void sendUntilClosed() {
        try {
            while (!closing) {
                MonitorEvent event = queue.take();
                deliver(event);
            }
        } catch (InterruptedException e) {
            // Closing: what is left is recorded below.
        }
        for (MonitorEvent event = queue.poll(); event != null; event = queue.poll()) {
            failures.accept(new Failure(event, 0, "the server stopped first"));
        }
    }

    private void deliver(MonitorEvent event) throws InterruptedException {
        String reason = "not tried";
        long pause = options.backoff().toMillis();
        int attempt = 0;
        try {
            while (attempt < options.attempts()) {
                if (attempt > 0) {
                    TimeUnit.MILLISECONDS.sleep(pause);
                    pause *= 2;
                }
                attempt++;
                WebhookSender.Outcome outcome = client.post(options.url(), options.headers(), json(event));
                if (outcome.delivered()) {
                    delivered.increment();
                    return;
                }
                reason = outcome.reason();
                if (!outcome.worthAnotherTry()) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            failures.accept(new Failure(event, attempt, "the server stopped first; before: " + reason));
            throw e;
        }
        failures.accept(new Failure(event, attempt, reason));
    }

    /** The body: the event's members in snake case, and {@code text} for chat services. */
    static byte[] json(MonitorEvent event) {
        ObjectMapper mapper = new ObjectMapper();
        String kind = event.kind().name().toLowerCase(Locale.ROOT);
        String state = event.state().name().toLowerCase(Locale.ROOT);
        ObjectNode root = mapper.createObjectNode()
                .put("endpoint", event.endpoint())
                .put("model", event.model())
                .put("version", event.version())
                .put("kind", kind)
                .put("state", state)
                .put("time", event.time().toString())
                .put("message", event.message())
                .put("on_breach", event.onBreach().name().toLowerCase(Locale.ROOT))
                .put("text", event.endpoint() + ": " + kind + " " + state + ": " + event.message());
        event.columns().forEach(root.putArray("columns")::add);
        ObjectNode values = root.putObject("values");
        event.values().forEach((name, value) -> {
            if (Double.isFinite(value)) {
                values.put(name, value);
            } else {
                values.putNull(name);
            }
        });
        try {
            return mapper.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops; alerts that wait are recorded as failures. */
    @Override
    public void close() {
        closing = true;
        sender.interrupt();
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
