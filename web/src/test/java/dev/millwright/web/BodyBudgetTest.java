package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelStreamInferResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with room for three bodies of a mebibyte. */
class BodyBudgetTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final String GRPC_INFER = "/inference.GRPCInferenceService/ModelInfer";
    private static final String GRPC_STREAM = "/inference.GRPCInferenceService/ModelStreamInfer";

    private final BodyBudget budget = new BodyBudget(3L * MEBIBYTE + MEBIBYTE / 2);
    private Server server;

    @BeforeEach
    void start() {
        ServerBuilder builder = HttpServer.builder(Duration.ofMinutes(1))
                .port(new ServerPort(new InetSocketAddress(WebOptions.LOOPBACK, 0), SessionProtocol.HTTP))
                .errorHandler(new Failures(new Templates(InstantSource.system(), "1", Assets.load())))
                .decorator(budget)
                .service(
                        "/",
                        Routes.decoding((context, request) -> HttpResponse.of(request.aggregate()
                                .thenApply(whole ->
                                        HttpResponse.of("" + whole.content().length())))));
        GrpcCalls.add(
                new Routes(builder, Runnable::run, new ApiDocument()), new IdleModels(), new Readiness(), MEBIBYTE);
        server = builder.build();
        server.start().join();
    }

    @AfterEach
    void stop() {
        server.stop().join();
    }

    /** The first line of the answer, and its headers. */
    private static String head(Socket socket) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        }
        return head.toString();
    }

    /** A request of a mebibyte of which the last byte is missing. */
    private final class Slow implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getByName(WebOptions.LOOPBACK), server.activeLocalPort());

        Slow() throws IOException {
            String head = "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: " + MEBIBYTE + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[MEBIBYTE - 1]);
            socket.getOutputStream().flush();
        }

        void end() throws IOException {
            socket.getOutputStream().write(0);
            socket.getOutputStream().flush();
        }

        String answer() throws IOException {
            return head(socket);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void refusesWhatThereIsNoRoomFor_untilOthersAreAnswered() throws IOException {
        List<Slow> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(new Slow());
        }
        awaitHeld(3L * (MEBIBYTE - 1));
        try (Slow tooMuch = new Slow()) {
            String refused = tooMuch.answer();
            assertThat(refused).startsWith("http/1.1 429").contains("retry-after: 1");
        }
        for (Slow each : waiting) {
            each.end();
            assertThat(each.answer()).startsWith("http/1.1 200");
            each.close();
        }
        awaitHeld(0); // A client may have its answer before the server has noted that it was sent.
        for (int i = 0; i < 6; i++) {
            try (Slow later = new Slow()) {
                later.end();
                assertThat(later.answer()).startsWith("http/1.1 200");
            }
            awaitHeld(0);
        }
    }

    @Test
    void countsWhatACompressedBodyGrowsTo() throws IOException {
        assertThat(compressed(3 * MEBIBYTE)).startsWith("http/1.1 200");
        awaitHeld(0);
        assertThat(compressed(4 * MEBIBYTE)).startsWith("http/1.1 429");
        awaitHeld(0);
    }

    /** The answer to so many zeros. */
    private String compressed(int bytes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
            gzip.write(new byte[bytes]);
        }
        try (Socket socket = new Socket(InetAddress.getByName(WebOptions.LOOPBACK), server.activeLocalPort())) {
            String head = "POST / HTTP/1.1\r\nHost: here\r\nContent-Encoding: gzip\r\nContent-Length: " + body.size()
                    + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            body.writeTo(socket.getOutputStream());
            return head(socket);
        }
    }

    @Test
    void countsAMessageOfGrpc_whileItComes() throws Exception {
        try (Http2Socket socket = Http2Socket.open(server.activeLocalPort())) {
            call(socket, GRPC_INFER);
            socket.send(Http2Socket.DATA, 0, 1, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0);
            socket.send(Http2Socket.DATA, 0, 1, new byte[10_000]);
            awaitHeld(10_005);
        }
        awaitHeld(0);
    }

    @Test
    void aMessageThatWillBeTooLong_isRefusedByItsHead() throws Exception {
        try (Http2Socket socket = Http2Socket.open(server.activeLocalPort())) {
            call(socket, GRPC_INFER);
            socket.send(Http2Socket.DATA, 0, 1, (byte) 0, (byte) 0, (byte) 0x10, (byte) 0, (byte) 1);
            assertThat(socket.await(frame -> frame.type() == Http2Socket.HEADERS))
                    .hasValueSatisfying(answer -> assertThat(answer.header("grpc-status"))
                            .isEqualTo(Integer.toString(Status.Code.RESOURCE_EXHAUSTED.value())));
        }
    }

    @Test
    void countsTheMessagesOfAStream_untilTheyAreAnswered() throws Exception {
        try (Http2Socket socket = Http2Socket.open(server.activeLocalPort())) {
            call(socket, GRPC_STREAM);
            // An empty one, and the head of one of 65,536 bytes.
            socket.send(Http2Socket.DATA, 0, 1, new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 0, 0});
            awaitHeld(5);
            // Of raw contents, 65,532 bytes.
            byte[] beginning = {0x3a, (byte) 0xfc, (byte) 0xff, 3};
            socket.send(Http2Socket.DATA, 0, 1, Arrays.copyOf(beginning, 10_000));
            awaitHeld(10_005);
            for (int part = 0; part < 4; part++) {
                socket.send(Http2Socket.DATA, 0, 1, new byte[13_884]);
            }
            awaitHeld(65_541);
            socket.send(Http2Socket.DATA, 0, 1, new byte[3]);
            awaitHeld(65_544);
        }
        awaitHeld(0);
    }

    /** A service that takes messages in a stream, and answers empty ones alone. */
    private static final class IdleModels extends GRPCInferenceServiceImplBase {
        @Override
        public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> client) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ModelInferRequest request) {
                    if (request.getSerializedSize() == 0) {
                        GrpcCalls.answered(ServiceRequestContext.current());
                    }
                }

                @Override
                public void onError(Throwable gone) {
                    // It has nothing to give up.
                }

                @Override
                public void onCompleted() {
                    client.onCompleted();
                }
            };
        }
    }

    private static void call(Http2Socket socket, String method) throws Exception {
        byte[] head = socket.head("POST", method, "content-type", "application/grpc", "te", "trailers");
        socket.send(Http2Socket.HEADERS, Http2Socket.END_HEADERS, 1, head);
    }

    private void awaitHeld(long bytes) {
        while (budget.held() != bytes) {
            Thread.onSpinWait();
        }
    }
}
