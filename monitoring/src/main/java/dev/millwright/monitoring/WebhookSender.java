package dev.millwright.monitoring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Posts JSON to addresses that want to be told something; redirects are not followed. Thread-safe. */
public final class WebhookSender implements AutoCloseable {
    private final HttpClient client;
    private final Duration timeout;

    /** {@code timeout} is for one attempt. */
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
    public record Outcome(boolean delivered, boolean worthAnotherTry, String reason) {}

    /** One attempt. */
    public Outcome post(URI url, Map<String, String> headers, byte[] json) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        headers.forEach(request::header);
        try {
            int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            boolean later = status >= 500 || status == 408 || status == 429;
            return new Outcome(status >= 200 && status < 300, later, "answered " + status);
        } catch (IOException e) {
            return new Outcome(
                    false, true, e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage()));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
