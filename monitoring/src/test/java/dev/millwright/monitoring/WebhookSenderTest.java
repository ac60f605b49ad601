package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookSenderTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private WebhookSender.Outcome post(Duration timeout, String path) throws InterruptedException {
        try (WebhookSender sender = new WebhookSender(timeout)) {
            return sender.post(url(path), Map.of(), new byte[] {'{', '}'});
        }
    }

    /** Sends some of an answer, and then nothing until the test ends. */
    private void hang(HttpExchange exchange) throws IOException {
        try (OutputStream body = exchange.getResponseBody()) {
            body.write('.');
            body.flush();
            closing.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anAnswerThatNeverEnds_endsWithTheAttempt_andItsStatusCounts() throws Exception {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/taken") ? 200 : 500, 0);
            hang(exchange);
        });
        assertThat(post(Duration.ofSeconds(4), "/taken"))
                .isEqualTo(new WebhookSender.Outcome(true, false, "answered 200"));
        assertThat(post(Duration.ofSeconds(4), "/broken"))
                .isEqualTo(new WebhookSender.Outcome(false, true, "answered 500"));
    }

    @Test
    void anAnswerThatNeverBegins_endsWithTheAttempt() throws Exception {
        server.createContext("/", exchange -> {
            try (exchange) {
                closing.await();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(post(Duration.ofSeconds(1), "/"))
                .isEqualTo(new WebhookSender.Outcome(false, true, "no answer within 1 s"));
    }

    @Test
    void anEndlessAnswer_isNotReadToItsEnd() throws Exception {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (closing.getCount() > 0) {
                    body.write(new byte[1 << 10]);
                }
            }
        });
        assertThat(post(LONG, "/").delivered()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreNotFollowed_andNotTriedAgain(int status) throws Exception {
        AtomicInteger followed = new AtomicInteger();
        server.createContext("/elsewhere", exchange -> {
            followed.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Location", url("/elsewhere").toString());
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        assertThat(post(LONG, "/")).isEqualTo(new WebhookSender.Outcome(false, false, "answered " + status));
        assertThat(followed).hasValue(0);
    }

    @Test
    void anAddressThatCanNotBe_isNotTriedAgain() throws Exception {
        try (WebhookSender sender = new WebhookSender(LONG)) {
            assertThat(sender.post(URI.create("http://127.0.0.1:99999/"), Map.of(), new byte[0])
                            .worthAnotherTry())
                    .isFalse();
        }
    }

    @Test
    void anInterruptionEndsTheAttempt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            asked.countDown();
            hang(exchange);
        });
        try (WebhookSender sender = new WebhookSender(LONG)) {
            Thread[] caller = new Thread[1];
            CountDownLatch started = new CountDownLatch(1);
            Future<WebhookSender.Outcome> attempt = threads.submit(() -> {
                caller[0] = Thread.currentThread();
                started.countDown();
                return sender.post(url("/"), Map.of(), new byte[0]);
            });
            started.await();
            asked.await();
            caller[0].interrupt();
            assertThatThrownBy(attempt::get).hasCauseInstanceOf(InterruptedException.class);
        }
    }
}
