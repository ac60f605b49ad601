package dev.millwright.pipelines.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever wants to be told that a job has ended is told. */
@Timeout(60)
class JobCallsTest {
    private static final JobOptions OPTIONS =
            new JobOptions(1, 100, 1_000, Duration.ofDays(1), Duration.ofMillis(1), 3);

    @TempDir
    Path folder;

    private final BlockingQueue<Called> calls = new LinkedBlockingQueue<>();
    private final AtomicInteger steps = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Deque<HttpServer> servers = new ArrayDeque<>();

    /** A call to a webhook. */
    private record Called(String signature, String body) {}

    @AfterEach
    void stop() {
        closing.countDown();
        servers.forEach(server -> server.stop(0));
    }

    /** The address of a receiver that does so; each call has a thread of its own. */
    private URI receiver(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(call -> Thread.ofVirtual().start(call));
        server.createContext("/", handler);
        server.start();
        servers.add(server);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    /** One that notes what it is told, and answers so. */
    private URI receiver(int... statuses) throws IOException {
        AtomicInteger call = new AtomicInteger();
        return receiver(exchange -> {
            calls.add(new Called(
                    exchange.getRequestHeaders().getFirst(JobWebhooks.SIGNATURE),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(statuses[Math.min(call.getAndIncrement(), statuses.length - 1)], -1);
            exchange.close();
        });
    }

    private Path secret() {
        return folder.resolve("secrets/webhook");
    }

    /** A desk whose receivers are given that long, and whose pauses between calls pass at once. */
    private JobDesk open(Duration patience) {
        Instant start = Instant.parse("2026-01-02T03:04:05Z");
        InstantSource clock = () -> start.plus(Duration.ofMinutes(10).multipliedBy(steps.incrementAndGet()));
        Predicate<String> always = _ -> true;
        return JobDesk.open(
                folder.resolve("jobs.db"),
                OPTIONS,
                always,
                new JobWebhooks(secret(), patience),
                clock,
                Thread.ofPlatform().daemon().factory());
    }

    private JobDesk open() {
        return open(Duration.ofSeconds(10));
    }

    private static Job submit(JobDesk desk, URI webhook) {
        return desk.submit(JobDeskTest.request("e", "one", Optional.of(webhook)));
    }

    /** What became of telling, once that is decided. */
    private static String told(JobDesk desk, Job job) {
        while (true) {
            String webhook = JobDeskTest.ended(desk, job).webhook().orElseThrow();
            if (!webhook.startsWith("pending")) {
                return webhook;
            }
            Thread.onSpinWait();
        }
    }

    private void assertSigned(Called call) throws Exception {
        String[] parts = call.signature().split("[=,]", -1);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Files.readString(secret()).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(parts[3])
                .isEqualTo(HexFormat.of()
                        .formatHex(mac.doFinal((parts[1] + "." + call.body()).getBytes(StandardCharsets.UTF_8))));
    }

    /** A job with a webhook that waits for a server to start. */
    private Job waiting(URI url) {
        try (JobDesk desk = open()) {
            return submit(desk, url);
        }
    }

    @Test
    void tellsWhoeverWantsToBeTold_again_signed() throws Exception {
        URI url = receiver(503, 204);
        try (JobDesk desk = open()) {
            Job job = submit(desk, url);
            assertThat(job.webhook()).contains("pending");
            desk.serve(JobDeskTest::answer);
            assertThat(told(desk, job)).isEqualTo("delivered");
            assertThat(calls).hasSize(2);
            Called first = calls.take();
            assertThat(first.body())
                    .isEqualTo("{\"job\":\"" + job.id() + "\",\"endpoint\":\"e\",\"state\":\"done\",\"status\":200,"
                            + "\"answer\":\"/endpoints/e/jobs/" + job.id() + "/answer\"}");
            assertSigned(first);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void saysWhy_whenItGaveUp() throws Exception {
        URI out = receiver(503);
        URI moved = receiver(308);
        try (JobDesk desk = open()) {
            desk.serve(JobDeskTest::answer);
            assertThat(told(desk, submit(desk, out))).isEqualTo("failed: answered 503");
            assertThat(calls).hasSize(6);
            calls.clear();
            assertThat(told(desk, submit(desk, moved))).isEqualTo("failed: answered 308");
            assertThat(calls).hasSize(1);
        }
    }

    @Test
    void aReceiverThatNeverFinishes_holdsUpNobodyElse_andNotTheStopEither() throws Exception {
        AtomicInteger held = new AtomicInteger();
        URI slow = receiver(exchange -> {
            held.incrementAndGet();
            exchange.sendResponseHeaders(200, 0);
            try {
                closing.await();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
        URI quick = receiver(204);
        Job first;
        try (JobDesk desk = open(Duration.ofHours(1))) {
            first = submit(desk, slow);
            for (int i = 0; i < 20; i++) {
                submit(desk, slow);
            }
            List<Job> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(submit(desk, quick));
            }
            desk.serve(JobDeskTest::answer);
            for (Job each : others) {
                assertThat(told(desk, each)).isEqualTo("delivered");
            }
            assertThat(held.get()).isLessThanOrEqualTo(2);
        }
        try (JobDesk desk = open()) {
            assertThat(desk.find(first.id()).orElseThrow().webhook()).contains("pending");
        }
    }

    @Test
    void makesANewSecret_whenTheOldOneWasDeleted_orIsEmpty() throws Exception {
        URI url = receiver(204);
        try (JobDesk desk = open()) {
            desk.serve(JobDeskTest::answer);
            told(desk, submit(desk, url));
            String before = Files.readString(secret());
            assertThat(before).hasSize(64);
            for (boolean empty : new boolean[] {false, true}) {
                Files.delete(secret());
                if (empty) {
                    Files.createFile(secret());
                }
                calls.clear();
                told(desk, submit(desk, url));
                assertThat(Files.readString(secret())).hasSize(64).isNotEqualTo(before);
                assertSigned(calls.take());
            }
            try (var files = Files.list(secret().getParent())) {
                assertThat(files).containsExactly(secret());
            }
        }
    }

    @Test
    void aSecretThatWasDeletedWhileACallWaited_isMadeForTheCall() throws Exception {
        URI url = receiver(204);
        Job job = waiting(url);
        Files.delete(secret());
        try (JobDesk desk = open()) {
            desk.serve(JobDeskTest::answer);
            assertThat(told(desk, job)).isEqualTo("delivered");
            assertSigned(calls.take());
        }
    }

    @Test
    void aCallThatCanNotBeSigned_isPutOffLikeOneThatFailed() throws Exception {
        URI url = receiver(204);
        Job job = waiting(url);
        Files.delete(secret());
        Files.createDirectory(secret());
        try (JobDesk desk = open()) {
            assertThatThrownBy(() -> submit(desk, url)).hasMessageContaining("can't be used (expected: a file");
            desk.serve(JobDeskTest::answer);
            assertThat(told(desk, job)).startsWith("failed: " + secret() + ": can't be used");
            assertThat(calls).isEmpty();
            Files.delete(secret());
            assertThat(told(desk, submit(desk, url))).isEqualTo("delivered");
        }
    }

    @Test
    void makesTheCallsOfAnEarlierRelease() throws Exception {
        URI url = receiver(204);
        Job job = waiting(url);
        try (Connection old = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jobs.db"));
                Statement statement = old.createStatement()) {
            statement.execute("DROP INDEX job_receiver");
            for (String column : List.of("webhook_receiver", "version", "headers")) {
                statement.execute("ALTER TABLE job DROP COLUMN " + column);
            }
        }
        try (JobDesk desk = open()) {
            desk.serve(JobDeskTest::answer);
            assertThat(told(desk, job)).isEqualTo("delivered");
        }
    }
}
