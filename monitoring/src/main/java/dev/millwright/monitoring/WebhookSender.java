package dev.millwright.monitoring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Posts JSON to addresses that want to be told something; redirects are not followed. Thread-safe. */
public final class WebhookSender implements AutoCloseable {
    /** In bytes. What receivers say beside their status is read only so that they can say it, and not for ever. */
    private static final long LONGEST_ANSWER = 64 << 10;

    private final HttpClient client;
    private final Duration timeout;

    /** {@code timeout} is for one attempt, from its first byte to the last one of the answer. */
    public WebhookSender(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * What became of one attempt.
     *
     * @param worthAnotherTry after answers from 500 on, 408, 429 and failed connections
     */
    public record Outcome(boolean delivered, boolean worthAnotherTry, String reason) {
        private static Outcome answered(int status) {
            boolean later = status >= 500 || status == 408 || status == 429;
            return new Outcome(status >= 200 && status < 300, later, "answered " + status);
        }
    }

    /**
     * One attempt, which ends in time however slowly the other side reads, or answers. Its status counts, also when the rest of the
     * answer doesn't come.
     */
    public Outcome post(URI url, Map<String, String> headers, byte[] json) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        headers.forEach(request::header);
        AtomicInteger status = new AtomicInteger();
        // The time that a request of this client can be given ends with the headers of its answer, so it isn't used.
        CompletableFuture<HttpResponse<@Nullable Void>> exchange = client.sendAsync(request.build(), answer -> {
            status.set(answer.statusCode());
            return new Passing();
        });
        Outcome without;
        try {
            return Outcome.answered(
                    exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode());
        } catch (TimeoutException slow) {
            without = new Outcome(false, true, "no answer within " + timeout.toSeconds() + " s");
        } catch (ExecutionException failed) {
            Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
            without = new Outcome(
                    false,
                    cause instanceof IOException,
                    cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage()));
        } finally {
            exchange.cancel(true);
        }
        return status.get() == 0 ? without : Outcome.answered(status.get());
    }

    /** Lets a body pass, and takes no more of it when it is too long. */
    private static final class Passing implements HttpResponse.BodySubscriber<@Nullable Void> {
        private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;
        private long bytes;

        @Override
        public CompletionStage<@Nullable Void> getBody() {
            return end;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> part) {
            part.forEach(buffer -> bytes += buffer.remaining());
            if (bytes > LONGEST_ANSWER) {
                Objects.requireNonNull(subscription).cancel();
                end.complete(null);
            }
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    /** Ends what is under way, and waits for none of it. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
