package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebhookAlertSinkTest {
    private static final MonitorEvent EVENT = new MonitorEvent(
            "churn",
            "model",
            2,
            MonitorEvent.Kind.DRIFT,
            MonitorEvent.State.OPENED,
            Instant.parse("2026-01-02T03:04:05Z"),
            List.of("amount"),
            Map.of("psi.amount", 0.5, "value", Double.NaN),
            "1 column drifted",
            MonitorConfig.OnBreach.RETRAIN);

    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<WebhookAlertSink.Failure> failures = new LinkedBlockingQueue<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Integer answer = answers.poll();
            exchange.sendResponseHeaders(answer == null ? 204 : answer, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private WebhookAlertSink sink(int attempts) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
        return new WebhookAlertSink(
                new WebhookOptions(
                        url, Map.of("X-Token", "secret"), Duration.ofSeconds(5), attempts, Duration.ofMillis(1), 4),
                failures::add,
                Thread.ofPlatform().factory());
    }

    @Test
    void postsTheAlert_again_whenTheOtherSideFails() throws InterruptedException {
        answers.add(503);
        answers.add(429);
        try (WebhookAlertSink sink = sink(5)) {
            sink.accept(EVENT);
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThat(bodies.poll(10, TimeUnit.SECONDS))
                        .contains("\"endpoint\":\"churn\"")
                        .contains("\"kind\":\"drift\"")
                        .contains("\"columns\":[\"amount\"]")
                        .contains("\"value\":null")
                        .contains("\"text\":\"churn: drift opened: 1 column drifted\"");
            }
            while (sink.delivered() == 0) {
                Thread.onSpinWait();
            }
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void recordsWhatItCouldNotDeliver() throws InterruptedException {
        answers.addAll(List.of(500, 500, 400));
        try (WebhookAlertSink sink = sink(2)) {
            sink.accept(EVENT);
            assertThat(failures.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(new WebhookAlertSink.Failure(EVENT, 2, "answered 500"));
            sink.accept(EVENT);
            assertThat(failures.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(new WebhookAlertSink.Failure(EVENT, 1, "answered 400"));
            server.stop(0);
            sink.accept(EVENT);
            assertThat(failures.poll(10, TimeUnit.SECONDS))
                    .satisfies(failure -> assertThat(failure.attempts()).isEqualTo(2));
        }
    }

    @Test
    void refusesAddressesThatAreNotSafe() {
        for (String url : List.of(
                "http://example.org/x",
                "http://10.0.0.1/x",
                "http://169.254.169.254/latest/meta-data/",
                "http://0.0.0.0/x",
                "http://[fe80::1]/x",
                "http://localhost.example.org/x",
                "http://localhost@example.org/x",
                "http:localhost",
                "https:///x",
                "https:example.org",
                "ftp://localhost/x",
                "file:///etc/passwd",
                "hook")) {
            assertThatThrownBy(() -> WebhookOptions.of(URI.create(url)))
                    .hasMessageContaining("(expected: https://…, or http:// to localhost)");
        }
        assertThat(WebhookOptions.of(URI.create("https://hooks.example.org/secret"))
                        .toString())
                .doesNotContain("secret");
    }
}
