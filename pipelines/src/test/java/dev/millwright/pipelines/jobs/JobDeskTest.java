package dev.millwright.pipelines.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.ServingError;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JobDeskTest {
    static final JobOptions OPTIONS = new JobOptions(1, 3, 1_000, Duration.ofDays(1), Duration.ofMillis(1), 3);

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    private JobDesk open(Predicate<String> isIdle, InstantSource clock) {
        return JobDesk.open(
                folder.resolve("jobs.db"),
                OPTIONS,
                isIdle,
                new JobWebhooks(folder.resolve("secrets/webhook")),
                clock,
                Thread.ofPlatform().daemon().factory());
    }

    private JobDesk open() {
        return open(endpoint -> true, InstantSource.system());
    }

    private static JobRequest request(String endpoint, String body) {
        return request(endpoint, body, Optional.empty());
    }

    static JobRequest request(String endpoint, String body, Optional<URI> webhook) {
        return new JobRequest(
                endpoint,
                "ana",
                JobRequest.Door.INFER,
                new JobRouting(Optional.of("3"), Map.of("x-tier", "gold")),
                Optional.of("application/json"),
                Optional.of("7"),
                body.getBytes(StandardCharsets.UTF_8),
                webhook);
    }

    static JobAnswer answer(JobRequest request) {
        String text = "answer to " + new String(request.body(), StandardCharsets.UTF_8);
        return new JobAnswer(200, "text/plain", Optional.of("3"), text.getBytes(StandardCharsets.UTF_8));
    }

    static Job ended(JobDesk desk, Job job) {
        while (true) {
            Job found = desk.find(job.id()).orElseThrow();
            if (found.hasEnded()) {
                return found;
            }
            Thread.onSpinWait();
        }
    }

    private static String text(JobDesk desk, Job job) {
        return new String(desk.findAnswer(job.id()).orElseThrow().body(), StandardCharsets.UTF_8);
    }

    @Test
    void answersWhatItTook_asItWasSent() {
        try (JobDesk desk = open()) {
            BlockingQueue<JobRequest> seen = new LinkedBlockingQueue<>();
            Job job = desk.submit(request("e", "one"));
            assertThat(job.state()).isEqualTo(Job.State.WAITING);
            assertThat(desk.findAnswer(job.id())).isEmpty();
            desk.serve(request -> {
                seen.add(request);
                return answer(request);
            });
            assertThat(ended(desk, job).state()).isEqualTo(Job.State.DONE);
            assertThat(text(desk, job)).isEqualTo("answer to one");
            assertThat(desk.findAnswer(job.id()).orElseThrow().jsonLength()).contains("3");
            assertThat(seen.element().jsonLength()).contains("7");
            assertThat(seen.element().routing()).isEqualTo(request("e", "one").routing());
            assertThat(desk.find(job.id()).orElseThrow().user()).isEqualTo("ana");
            assertThat(desk.delete(job.id())).isTrue();
            assertThat(desk.find(job.id())).isEmpty();
            assertThat(desk.delete(job.id())).isFalse();
        }
    }

    @Test
    void goesOnAfterARestart_withWhatWaitedAndWhatWasUnderWay() throws Exception {
        Job underWay;
        Job waiting;
        CountDownLatch begun = new CountDownLatch(1);
        try (JobDesk desk = open()) {
            underWay = desk.submit(request("e", "one"));
            waiting = desk.submit(request("e", "two"));
            desk.serve(request -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException stopping) {
                    throw new MillwrightException(ServingError.RUNTIME_CLOSED, "stopping", stopping);
                }
                return answer(request);
            });
            begun.await();
        }
        try (JobDesk desk = open()) {
            desk.serve(JobDeskTest::answer);
            assertThat(ended(desk, underWay).attempts()).isEqualTo(2);
            assertThat(text(desk, underWay)).isEqualTo("answer to one");
            ended(desk, waiting);
            assertThat(text(desk, waiting)).isEqualTo("answer to two");
        }
    }

    @Test
    void givesUpAJob_thatWasUnderWayEachTimeTheProcessWasKilled() throws Exception {
        Path file = folder.resolve("jobs.db");
        try (JobTable table = new JobTable(file)) {
            table.insert("id", request("e", "one"), 1);
        }
        JobAnswer givenUp = new JobAnswer(500, "text/plain", Optional.empty(), new byte[0]);
        for (int kill = 1; kill <= 3; kill++) {
            try (JobTable table = new JobTable(file)) {
                assertThat(table.begin("e", 2)).isPresent();
            }
            try (JobTable table = new JobTable(file)) {
                table.recover(3, givenUp, 3);
                assertThat(table.find("id").orElseThrow().state())
                        .isEqualTo(kill < 3 ? Job.State.WAITING : Job.State.FAILED);
            }
        }
    }

    @Test
    void triesAgain_whatCannotBeAnsweredNow_untilItGivesUp() {
        try (JobDesk desk = open()) {
            AtomicInteger attempts = new AtomicInteger();
            Job job = desk.submit(request("e", "one"));
            Job other = desk.submit(request("e", "two"));
            desk.serve(request -> {
                boolean second = request.body()[0] == 't';
                if (second ? attempts.incrementAndGet() < 3 : true) {
                    throw new MillwrightException(ServingError.OVERLOADED, "queue: full");
                }
                return answer(request);
            });
            assertThat(ended(desk, other).state()).isEqualTo(Job.State.DONE);
            assertThat(ended(desk, job).state()).isEqualTo(Job.State.FAILED);
            assertThat(ended(desk, job).attempts()).isEqualTo(3);
            assertThat(desk.findAnswer(job.id()).orElseThrow().status()).isEqualTo(503);
            assertThat(text(desk, job)).isEqualTo("{\"error\":\"queue: full\"}");
        }
    }

    @Test
    void keepsWhatWasWrong_asTheAnswer() {
        try (JobDesk desk = open()) {
            Job wrong = desk.submit(request("e", "one"));
            desk.serve(request -> new JobAnswer(400, "text/plain", Optional.empty(), new byte[0]));
            assertThat(ended(desk, wrong).state()).isEqualTo(Job.State.FAILED);
            assertThat(ended(desk, wrong).status()).contains(400);
        }
    }

    /** Has the store refuse so many changes of jobs to a state. */
    private void refuse(int times, Job.State state) throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jobs.db"));
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE refused (id TEXT)");
            // To fail, unlike to abort, leaves the note behind that it did.
            statement.execute(
                    "CREATE TRIGGER refusing BEFORE UPDATE ON job WHEN NEW.state = '" + state + "' AND"
                            + " OLD.state = 'RUNNING' AND (SELECT COUNT(*) FROM refused) < " + times
                            + " BEGIN INSERT INTO refused VALUES (NEW.id); SELECT RAISE(FAIL, 'database or disk is full'); END");
        }
    }

    @Test
    void storesAnAnswerAgain_ratherThanAskAgain_whenTheDiskWasFullForAWhile() throws SQLException {
        try (JobDesk desk = open()) {
            AtomicInteger asked = new AtomicInteger();
            Job job = desk.submit(request("e", "one"));
            refuse(2, Job.State.DONE);
            desk.serve(request -> {
                asked.incrementAndGet();
                // Whatever a model does to its thread, the answer is not lost.
                Thread.currentThread().interrupt();
                return answer(request);
            });
            assertThat(ended(desk, job).state()).isEqualTo(Job.State.DONE);
            assertThat(text(desk, job)).isEqualTo("answer to one");
            assertThat(ended(desk, job).attempts()).isEqualTo(1);
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void saysThatAnAnswerCouldNotBeStored_whenThatNeverSucceeds() throws SQLException {
        try (JobDesk desk = open()) {
            AtomicInteger asked = new AtomicInteger();
            Job job = desk.submit(request("e", "one"));
            refuse(Integer.MAX_VALUE, Job.State.DONE);
            desk.serve(request -> {
                asked.incrementAndGet();
                return answer(request);
            });
            assertThat(ended(desk, job).state()).isEqualTo(Job.State.FAILED);
            assertThat(text(desk, job))
                    .startsWith(
                            "{\"error\":\"job: its answer could not be stored (expected: room for it). Send it again.")
                    .contains("database or disk is full");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void storesThatAJobIsToWait_again_whenTheDiskWasFullForAWhile() throws SQLException {
        try (JobDesk desk = open()) {
            AtomicInteger asked = new AtomicInteger();
            refuse(5, Job.State.WAITING);
            Job job = desk.submit(request("e", "one"));
            desk.serve(request -> {
                if (asked.incrementAndGet() == 1) {
                    throw new MillwrightException(ServingError.OVERLOADED, "queue: full");
                }
                return answer(request);
            });
            assertThat(ended(desk, job).state()).isEqualTo(Job.State.DONE);
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void waitsForItsEndpoint_andLetsEndpointsTakeTurns() {
        AtomicBoolean idle = new AtomicBoolean();
        try (JobDesk desk = open(endpoint -> endpoint.equals("c") || idle.get(), InstantSource.system())) {
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            for (String each : List.of("a1", "a2", "a3", "b1", "b2")) {
                desk.submit(request(each.substring(0, 1), each));
            }
            Job free = desk.submit(request("c", "c1"));
            desk.serve(request -> {
                order.add(new String(request.body(), StandardCharsets.UTF_8));
                return answer(request);
            });
            ended(desk, free);
            assertThat(order).containsExactly("c1");
            idle.set(true);
            while (order.size() < 6) {
                Thread.onSpinWait();
            }
            assertThat(order).containsExactly("c1", "a1", "b1", "a2", "b2", "a3");
        }
    }

    @Test
    void refusesMoreThanItHasRoomFor() {
        try (JobDesk desk = open()) {
            for (int i = 0; i < 3; i++) {
                desk.submit(request("e", "x"));
            }
            assertThatThrownBy(() -> desk.submit(request("e", "x")))
                    .hasMessage("jobs: 3 of e wait (expected: at most 3). Send it again later.");
            assertThatThrownBy(() -> desk.submit(request("f", "x".repeat(1_000))))
                    .hasMessageContaining("1003 bytes of requests and answers are kept (expected: at most 1000)");
            desk.submit(request("f", "x"));
        }
    }

    @Test
    void forgetsAnswersAfterADay_andGivesUpWhatNobodyHadTimeFor() {
        InstantSource clock = () -> now;
        try (JobDesk desk = open(endpoint -> endpoint.equals("e"), clock)) {
            Job answered = desk.submit(request("e", "x"));
            Job never = desk.submit(request("busy", "x"));
            desk.serve(JobDeskTest::answer);
            ended(desk, answered);
            now = now.plus(Duration.ofDays(1));
            desk.sweep();
            assertThat(desk.find(answered.id())).isPresent();
            now = now.plusMillis(1);
            desk.sweep();
            assertThat(desk.find(answered.id())).isEmpty();
            assertThat(desk.find(never.id()).orElseThrow().state()).isEqualTo(Job.State.FAILED);
        }
    }

    @Test
    void finishesForNobody_whatIsWithdrawnMeanwhile() throws Exception {
        try (JobDesk desk = open()) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch withdrawn = new CountDownLatch(1);
            Job job = desk.submit(request("e", "one"));
            desk.serve(request -> {
                begun.countDown();
                try {
                    withdrawn.await();
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                }
                return answer(request);
            });
            begun.await();
            assertThat(desk.delete(job.id())).isTrue();
            withdrawn.countDown();
            Job next = desk.submit(request("e", "two"));
            ended(desk, next);
            assertThat(desk.findAnswer(job.id())).isEmpty();
        }
    }

    @Test
    void knowsItsDoors() {
        assertThat(JobRequest.Door.parse("events")).isEqualTo(JobRequest.Door.EVENTS);
        assertThatThrownBy(() -> JobRequest.Door.parse("window"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("as: window (expected: infer, invocations or events)");
    }
}
