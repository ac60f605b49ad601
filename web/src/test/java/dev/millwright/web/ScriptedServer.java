package dev.millwright.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that has the model {@code simple}, as it says, and answers requests to it as a test says. */
final class ScriptedServer implements AutoCloseable {
    private static final String METADATA = """
            {"name": "simple", "versions": ["1"], "platform": "none",
             "inputs": [{"name": "INPUT0", "datatype": "INT32", "shape": [-1, 16]}, {"name": "INPUT1", "datatype": "INT32", "shape": [-1, 16]}],
             "outputs": [{"name": "OUTPUT0", "datatype": "INT32", "shape": [-1, 16]}, {"name": "OUTPUT1", "datatype": "INT32", "shape": [-1, 16]}]}""";

    final AtomicInteger asked = new AtomicInteger();
    final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile Answer answer = exchange -> send(exchange, 500, "{\"error\":\"out of order\"}");
    private volatile String metadata = METADATA;
    private volatile int readiness = 200;

    /** Answers a request for an inference. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void answers(Answer next) {
        answer = next;
    }

    void answers(int status, String body) {
        answers(exchange -> send(exchange, status, body));
    }

    /** What the model takes and gives from now on, in the words of the protocol. */
    void describes(String model) {
        metadata = model;
    }

    void isReady(int status) {
        readiness = status;
    }

    /** Says nothing until the server is closed. */
    void hangs() {
        answers(exchange -> closing.await());
    }

    /** Sends bytes until nobody takes them any more. */
    void answersWithoutEnd() {
        answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                byte[] part = "{\"outputs\": [".repeat(8192).getBytes(StandardCharsets.UTF_8);
                while (closing.getCount() > 0) {
                    out.write(part);
                }
            }
        });
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/v2" -> send(exchange, 200, "{\"name\": \"scripted\", \"extensions\": []}");
                case "/v2/models/simple" -> send(exchange, 200, metadata);
                case "/v2/health/ready", "/v2/models/simple/ready" -> send(exchange, readiness, "{}");
                case "/v2/models/simple/infer" -> {
                    asked.incrementAndGet();
                    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
                    authorizations.add(authorization == null ? "" : authorization);
                    answer.to(exchange);
                }
                default -> send(exchange, 404, "{\"error\":\"nothing here\"}");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drops all connections. */
    void end() {
        close();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
