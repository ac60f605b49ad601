package dev.millwright.web;

import static dev.millwright.web.Http2Socket.DATA;
import static dev.millwright.web.Http2Socket.END_HEADERS;
import static dev.millwright.web.Http2Socket.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.web.Http2Socket.Frame;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come a byte now and then over HTTP/2, to a server that gives a request a second. */
final class SlowSendersTest {
    private static final String INFER = "/v2/models/visits/infer";
    private static final String GRPC_INFER = "/inference.GRPCInferenceService/ModelInfer";
    private static final String TOO_LATE = Integer.toString(Status.Code.DEADLINE_EXCEEDED.value());
    private static final int LIMIT = 1 << 20;

    /** Of a message of 4,096 bytes. */
    private static final byte[] HEAD = {0, 0, 0, 16, 0};

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;

    @BeforeAll
    static void serve() {
        WebOptions usual = WebOptions.loopback(0, SmallHome.TOKEN, "0.1.0");
        home = new SmallHome(
                folder,
                new WebOptions(usual.access(), 0, usual.token(), usual.version(), LIMIT, Duration.ofSeconds(1)));
        client = Client.of(home.url());
    }

    @AfterAll
    static void close() {
        home.close();
    }

    @AfterEach
    void othersAreServed() throws Exception {
        int status = 0;
        // On a busy machine, a second may be too little for one.
        for (int round = 0; round < 60 && status != 200; round++) {
            status = client.get("/v2").status();
        }
        assertThat(status).isEqualTo(200);
    }

    @Test
    void eachOfManyStreams_isToldThatItTookTooLong() throws Exception {
        try (Http2Socket socket = Http2Socket.open(home.port())) {
            Map<Integer, Frame> answers =
                    trickle(socket, 50, new byte[] {'{'}, INFER, "content-type", "application/json");
            assertThat(answers)
                    .hasSize(50)
                    .allSatisfy(
                            (_, answer) -> assertThat(answer.header(":status")).isEqualTo("408"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1H", "99999999H"})
    void eachOfManyCallsOfGrpc_isToldThatItTookTooLong_whateverDeadlineItSets(String deadline) throws Exception {
        String[] headers = {"content-type", "application/grpc", "te", "trailers", "grpc-timeout", deadline};
        try (Http2Socket socket = Http2Socket.open(home.port())) {
            Map<Integer, Frame> answers = trickle(
                    socket,
                    50,
                    HEAD,
                    GRPC_INFER,
                    deadline.isEmpty() ? Arrays.copyOf(headers, headers.length - 2) : headers);
            assertThat(answers).hasSize(50).allSatisfy((_, answer) -> {
                assertThat(answer.header("grpc-status")).isEqualTo(TOO_LATE);
                assertThat(answer.header("grpc-message")).startsWith("message: not here within 1000 ms");
            });
        }
    }

    /** Opens streams whose bodies begin so, and sends a byte on each that has no answer yet; says what answered them. */
    private static Map<Integer, Frame> trickle(
            Http2Socket socket, int streams, byte[] beginning, String path, String... headers) throws Exception {
        byte[] head = socket.head("POST", path, headers);
        int[] ids = IntStream.range(0, streams).map(i -> 2 * i + 1).toArray();
        for (int id : ids) {
            socket.send(HEADERS, END_HEADERS, id, head);
            socket.send(DATA, 0, id, beginning);
        }
        Map<Integer, Frame> answers = new HashMap<>();
        for (int round = 0; round < 100 && answers.size() < streams; round++) {
            for (int id : ids) {
                if (!answers.containsKey(id)) {
                    socket.trySend(DATA, 0, id, (byte) 0);
                }
            }
            answers.putAll(answers(socket));
        }
        return answers;
    }

    /** What begins answers until the server is silent for a moment. */
    private static Map<Integer, Frame> answers(Http2Socket socket) throws InterruptedException {
        Map<Integer, Frame> answers = new HashMap<>();
        Optional<Frame> next = socket.next(200);
        while (next.isPresent() && !next.get().isHungUp()) {
            next.filter(frame -> frame.type() == HEADERS)
                    .ifPresent(frame -> answers.putIfAbsent(frame.stream(), frame));
            next = socket.next(200);
        }
        return answers;
    }
}
