package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.pipelines.EventDesk.Sent;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server is killed again and again while a client sends it payments, each until it is answered: afterwards the windows know every
 * payment, and none twice.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KilledEventsTest {
    private static final int KILLS = 3;
    private static final int KNOWN = 40;
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final String PIPELINE = """
            pipeline: payments
            data:
              payments: {from: payments.csv}
            features:
              entity: card
              timestamp: at
              sql: |
                SELECT card, at, amount, COUNT(*) OVER w AS payments, SUM(cents) OVER w AS spent
                FROM payments
                WINDOW w AS (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '30' DAY PRECEDING AND INTERVAL '1' SECOND PRECEDING)
            label: fraud
            train:
              learners: [logistic_regression]
            deploy: {endpoint: payments}
            """;

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void knowsEveryPaymentOnce_wheneverTheServerIsKilled() throws Exception {
        Path home = folder.resolve("home");
        Files.writeString(folder.resolve("payments.yaml"), PIPELINE);
        Files.writeString(
                folder.resolve("payments.csv"),
                IntStream.range(0, KNOWN)
                        .mapToObj(n -> "c,%s,%d.0,%d,%s\n".formatted(time(n), n, n, n % 3 == 0 ? "yes" : "no"))
                        .collect(Collectors.joining("", "card,at,amount,cents,fraud\n", "")));
        Invocation.in(home, "run", folder.resolve("payments.yaml")).exits(ExitCode.DONE);
        Child.Launcher launcher = Child.Launcher.make(folder);
        Random random = new Random(7);
        int answered = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (Child server = launcher.start("server", "--home", home, "--port", 0)) {
                assertThat(server.await("Millwright")).as(server.printed()).isTrue();
                CountDownLatch enough = new CountDownLatch(20 + random.nextInt(100));
                Thread killer = Thread.ofPlatform().start(() -> {
                    try {
                        enough.await();
                        server.kill();
                    } catch (InterruptedException stopping) {
                        Thread.currentThread().interrupt();
                    }
                });
                answered = sendUntilKilled(home, answered, enough);
                killer.join();
            }
        }
        assertThat(answered).isGreaterThanOrEqualTo(20 * KILLS);
        assertThat(known(home, KNOWN + answered + 1)).isEqualTo(answered);
    }

    private static Instant time(int payment) {
        return START.plusSeconds(60L * payment);
    }

    /** Sends payments from a number on, beginning with the one whose answer was lost; gives how many were answered in all. */
    private int sendUntilKilled(Path home, int from, CountDownLatch answers) throws InterruptedException {
        int next = from;
        while (true) {
            int n = KNOWN + next;
            String body = "{\"event_id\":\"payment %d\",\"card\":\"c\",\"at\":\"%s\",\"amount\":1.5,\"cents\":%d}"
                    .formatted(n, time(n), n);
            try {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + OwnerInfo.find(home).orElseThrow().port() + "/endpoints/payments/events"))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("\"logged\":true");
                next++;
                answers.countDown();
            } catch (IOException killed) {
                return next;
            }
        }
    }

    /** How many of the payments that were sent the windows know; the one whose answer was lost last may be among them. */
    private static int known(Path home, int now) {
        try (OwnedHome owned = OwnedHome.open(HomeLock.tryAcquire(home).orElseThrow(), 0, InstantSource.system())) {
            Frame features = owned.events()
                    .observe(
                            "payments",
                            Sent.of(List.of(Map.of("card", "c", "at", time(now), "amount", 1.5, "cents", 0L))));
            int payments = (int) value(features, "payments");
            long sum = IntStream.range(0, payments).sum();
            assertThat(value(features, "spent"))
                    .as("the sum of %d payments", payments)
                    .isEqualTo((float) sum);
            boolean unanswered = payments == now;
            return payments - KNOWN - (unanswered ? 1 : 0);
        }
    }

    private static float value(Frame features, String column) {
        return ((FeatureColumn.Numeric) features.column(column)).values()[0];
    }
}
