package dev.millwright.web;

import static dev.millwright.web.Http2Socket.CONTINUATION;
import static dev.millwright.web.Http2Socket.DATA;
import static dev.millwright.web.Http2Socket.END_HEADERS;
import static dev.millwright.web.Http2Socket.END_STREAM;
import static dev.millwright.web.Http2Socket.HEADERS;
import static dev.millwright.web.Http2Socket.RESET;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import dev.millwright.web.Http2Socket.Frame;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections that keep open what they began, to a server that has little patience. */
final class SilentClientsTest {
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final int LONG = 32 << 20;
    private static final int REFUSED = 7;

    private static final BlockingQueue<String> BEGUN = new LinkedBlockingQueue<>();
    private static final Map<String, CompletableFuture<RequestLog>> ENDED = new ConcurrentHashMap<>();

    private static Server server;

    @BeforeAll
    static void serve() {
        server = builder()
                .requestTimeout(Duration.ofMinutes(10))
                .service("/short", (_, _) -> HttpResponse.of("here"))
                .service("/never", (_, request) -> {
                    BEGUN.add(request.path());
                    return HttpResponse.of(request.aggregate().thenApply(_ -> HttpResponse.of("here")));
                })
                .service(
                        "/long",
                        (_, _) -> HttpResponse.of(HttpStatus.OK, MediaType.OCTET_STREAM, HttpData.wrap(new byte[LONG])))
                .decorator((service, context, request) -> {
                    var _ = context.log()
                            .whenComplete()
                            .thenAccept(log -> ended(request.path()).complete(log));
                    return service.serve(context, request);
                })
                .build();
        server.start().join();
    }

    private static ServerBuilder builder() {
        return HttpServer.builder(PATIENCE)
                .port(new ServerPort(new InetSocketAddress(WebOptions.LOOPBACK, 0), SessionProtocol.HTTP));
    }

    @AfterAll
    static void close() {
        server.stop().join();
    }

    @AfterEach
    void othersAreServed() throws Exception {
        Client client = Client.of("http://" + WebOptions.LOOPBACK + ":" + port());
        assertThat(client.get("/short").body()).isEqualTo("here");
    }

    private static int port() {
        return server.activeLocalPort();
    }

    private static CompletableFuture<RequestLog> ended(String path) {
        return ENDED.computeIfAbsent(path, _ -> new CompletableFuture<>());
    }

    /** Why the server gave up a request. */
    private static @Nullable Throwable end(String path) throws Exception {
        return ended(path).get(1, TimeUnit.MINUTES).responseCause();
    }

    private static void get(Http2Socket socket, int stream, String path) throws Exception {
        socket.send(HEADERS, END_HEADERS | END_STREAM, stream, socket.head("GET", path));
    }

    @Test
    void headersWithoutEnd_areHungUpOn() throws Exception {
        try (Server impatient = builder()
                .idleTimeout(PATIENCE)
                .service("/", (_, _) -> HttpResponse.of("here"))
                .build()) {
            impatient.start().join();
            try (Http2Socket socket = Http2Socket.open(impatient.activeLocalPort())) {
                byte[] head = socket.head("GET", "/" + "x".repeat(2_000));
                socket.trySend(HEADERS, END_STREAM, 1, head[0]);
                Optional<Frame> end = Optional.empty();
                for (int i = 1; i < 1_000 && end.isEmpty(); i++) {
                    socket.trySend(CONTINUATION, 0, 1, head[i]);
                    end = socket.next(50).filter(Frame::isHungUp);
                }
                assertThat(end).isPresent();
            }
        }
    }

    @Test
    void settingsThatAreNeverAcknowledged_areHungUpOn() throws Exception {
        try (Http2Socket socket = Http2Socket.unacknowledging(port())) {
            // Something is under way, so that the connection is not idle.
            socket.send(HEADERS, END_HEADERS, 1, socket.head("POST", "/never"));
            assertThat(socket.await(Frame::isHungUp)).isPresent();
        }
    }

    @Test
    void streamsBeyondAThousand_areRefused() throws Exception {
        try (Http2Socket socket = Http2Socket.open(port())) {
            for (int i = 0; i <= 1_000; i++) {
                socket.send(HEADERS, END_HEADERS, 2 * i + 1, socket.head("POST", "/never"));
            }
            assertThat(socket.await(frame -> frame.type() == RESET)).hasValueSatisfying(refused -> {
                assertThat(refused.stream()).isEqualTo(2_001);
                assertThat(refused.code()).isEqualTo(REFUSED);
            });
        }
    }

    @Test
    void anAnswerForWhichThereIsNoRoom_isGivenUp() throws Exception {
        try (Http2Socket socket = Http2Socket.open(port(), Http2Socket.NO_ROOM)) {
            get(socket, 1, "/short");
            assertThat(socket.await(frame -> frame.type() == RESET && frame.stream() == 1))
                    .hasValueSatisfying(end -> assertThat(end.isHungUp()).isFalse());
        }
    }

    @Test
    void aClientOfHttp1ThatReadsNothing_isHungUpOn() throws Exception {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4 << 10);
            socket.connect(new InetSocketAddress(InetAddress.getByName(WebOptions.LOOPBACK), port()));
            socket.getOutputStream().write("GET /long HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(end("/long")).isNotNull();
        }
    }

    @Test
    void aRequestOfAClientThatHasGone_isGivenUp() throws Exception {
        try (Http2Socket socket = Http2Socket.open(port())) {
            socket.send(HEADERS, END_HEADERS, 1, socket.head("POST", "/never?gone"));
            while (!BEGUN.take().equals("/never?gone")) {
                // Others began before.
            }
            socket.send(DATA, 0, 1, (byte) 1);
        }
        assertThat(end("/never?gone")).isNotNull();
    }
}
