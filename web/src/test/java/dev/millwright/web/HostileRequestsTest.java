package dev.millwright.web;

import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static io.grpc.Status.Code.UNIMPLEMENTED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client should send, byte by byte: a clear refusal for each, and the next request is answered. */
final class HostileRequestsTest {
    private static final String INFER = "/v2/models/visits/infer";
    private static final String GRPC_INFER = "/inference.GRPCInferenceService/ModelInfer";
    private static final String GRPC_STREAM = "/inference.GRPCInferenceService/ModelStreamInfer";
    private static final int LIMIT = 1 << 20;
    private static final int HUNDRED_MEGABYTES = 100 << 20;

    /** What comes before raw contents of a tensor in a message, when they are that long. */
    private static final byte[] RAW_HUNDRED_MEGABYTES = {0x3a, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x32};

    private static final String ROW =
            "{\"inputs\": [{\"name\": \"age\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [30]},"
                    + "{\"name\": \"plan\", \"shape\": [1, 1], \"datatype\": \"BYTES\", \"data\": [\"plus\"]},"
                    + "{\"name\": \"spend\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [80.5]},"
                    + "{\"name\": \"spend_a_month\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [6.7]}]}";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;

    @BeforeAll
    static void serve() throws Exception {
        WebOptions usual = WebOptions.loopback(0, SmallHome.TOKEN, "0.1.0");
        home = new SmallHome(
                folder,
                new WebOptions(usual.access(), 0, usual.token(), usual.version(), LIMIT, Duration.ofSeconds(2)));
        client = Client.of(home.url());
        home.run(1.0);
    }

    @AfterAll
    static void close() {
        home.close();
    }

    @AfterEach
    void theNextRequestIsAnswered() throws Exception {
        assertThat(client.post(INFER, ROW).status()).isEqualTo(200);
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), home.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static byte[] head(String... lines) {
        return ("POST " + INFER + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + String.join("\r\n", lines) + "\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    @Test
    void aClientThatShutsItsOutput_isStillAnswered() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("Connection: close", "Content-Length: " + ROW.length()));
            socket.getOutputStream().write(ROW.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            assertThat(rest(socket)).startsWith("HTTP/1.1 200").contains("probabilities");
        }
    }

    @Test
    void aBodyThatEndsEarly_leavesNothingBehind() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("Content-Length: 1000"));
            socket.getOutputStream().write(ROW.substring(0, 100).getBytes(ISO_8859_1));
            socket.shutdownOutput();
            assertThat(rest(socket)).doesNotContain("HTTP/1.1 200").doesNotContain("HTTP/1.1 500");
        }
    }

    @Test
    void aBodyThatIsLongerThanItSays_isReadAsFarAsItSays() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("Connection: close", "Content-Length: 20"));
            socket.getOutputStream().write(ROW.getBytes(ISO_8859_1));
            assertThat(rest(socket)).startsWith("HTTP/1.1 400").contains("not JSON");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1", "1e3", "99999999999999999999", "5\r\nContent-Length: 6", "5\r\nTransfer-Encoding: chunked"
            })
    void aLengthThatIsNone_isRefused(String length) throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("Content-Length: " + length));
            assertThat(read(socket)).hasValueSatisfying(text -> assertThat(text).startsWith("HTTP/1.1 4"));
        }
    }

    @Test
    void aSenderOfAByteNowAndThen_isToldThatItTookTooLong() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("Content-Length: 1000"));
            socket.setSoTimeout(200);
            Optional<String> answer = Optional.empty();
            for (int i = 0; i < 100 && answer.isEmpty(); i++) {
                socket.getOutputStream().write(' ');
                answer = read(socket);
            }
            assertThat(answer).hasValueSatisfying(text -> assertThat(text).startsWith("HTTP/1.1 408"));
        }
    }

    /** What came meanwhile, if anything did. */
    private static Optional<String> read(Socket socket) throws IOException {
        try {
            byte[] bytes = new byte[1000];
            int count = socket.getInputStream().read(bytes);
            return Optional.of(new String(bytes, 0, Math.max(0, count), ISO_8859_1));
        } catch (SocketTimeoutException silent) {
            return Optional.empty();
        }
    }

    @Test
    void aBodyOf100Megabytes_isRefusedWithTheLimit_beforeItCame() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("Content-Length: " + HUNDRED_MEGABYTES));
            assertThat(read(socket)).hasValueSatisfying(text -> assertThat(text).startsWith("HTTP/1.1 413"));
        }
        assertThat(endless("Content-Length: " + HUNDRED_MEGABYTES, new byte[0])).contains("413", LIMIT + " bytes");
    }

    @Test
    void aBodyOfChunksWithoutEnd_isRefusedWithTheLimit() throws Exception {
        assertThat(endless("Transfer-Encoding: chunked", "100000\r\n".getBytes(ISO_8859_1)))
                .contains("413", LIMIT + " bytes");
    }

    /** Sends 100 megabytes unless the server hangs up before. */
    private static String endless(String framing, byte[] chunkHead) throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head(framing));
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int sent = 0; sent < HUNDRED_MEGABYTES; sent += 1 << 20) {
                        out.write(chunkHead);
                        out.write(new byte[1 << 20]);
                        out.write(chunkHead.length > 0 ? new byte[] {'\r', '\n'} : new byte[0]);
                    }
                } catch (IOException hungUp) {
                    // That is what the server may do.
                }
            });
            StringBuilder answer = new StringBuilder();
            for (int i = 0; i < 10 && !answer.toString().contains("bytes"); i++) {
                answer.append(read(socket).orElse(""));
            }
            socket.shutdownOutput();
            sender.join();
            return answer.toString();
        }
    }

    @Test
    void aCompressedBodyThatGrowsBeyondTheLimit_isRefusedWithIt() throws Exception {
        try (Socket socket = connect()) {
            byte[] bomb = bomb();
            socket.getOutputStream()
                    .write(head("Connection: close", "Content-Encoding: gzip", "Content-Length: " + bomb.length));
            socket.getOutputStream().write(bomb);
            assertThat(rest(socket)).startsWith("HTTP/1.1 413").contains(LIMIT + " bytes");
        }
    }

    /** 100 megabytes of zeros behind a few other bytes. */
    private static byte[] bomb(byte... before) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(before);
            for (int i = 0; i < 100; i++) {
                gzip.write(new byte[1 << 20]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Test
    void aCompressedBodyThatIsNone_isRefused() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(head("Connection: close", "Content-Encoding: gzip", "Content-Length: " + ROW.length()));
            socket.getOutputStream().write(ROW.getBytes(ISO_8859_1));
            assertThat(rest(socket)).startsWith("HTTP/1.1 400");
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "-2147483648", "999999", "99999999999999999999", "NaN", "''", "0"})
    void aWrongLengthOfTheJson_isRefusedByItsName(String length) throws Exception {
        Client.Answer answer = client.post(INFER, ROW, "Inference-Header-Content-Length", length);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asText())
                .matches("(?i)(Inference-Header-Content-Length: " + length + "|body: no JSON).*");
    }

    @Test
    void textsThatNoEncodingHolds_areRefused_andSoAreBodiesOfAnUnknownOne() throws Exception {
        for (String id : new String[] {"\"\\ud800\"", "\"a\\udc00b\""}) {
            assertThat(client.post(INFER, ROW.replace("{\"inputs", "{\"id\": " + id + ", \"inputs"))
                            .status())
                    .isEqualTo(400);
        }
        assertThat(client.post(INFER, ROW.replace("age", "\\ud800")).status()).isEqualTo(400);
        assertThat(client.post(INFER, "\0\0{\0").status()).isEqualTo(400);
    }

    @Test
    void unknownNamesOfAnyLengthAndNumber_areRefusedInFewWords() throws Exception {
        String tensor =
                "{\"name\": \"" + "x".repeat(40_000) + "\", \"shape\": [1], \"datatype\": \"FP32\", \"data\": [1]}";
        String tensors = tensor + ("," + tensor.replace("x".repeat(40_000), "😀".repeat(60))).repeat(500);
        Client.Answer answer = client.post(INFER, "{\"inputs\": [" + tensors + "]}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("problems")).hasSize(21);
        assertThat(answer.body()).contains("… and ").hasSizeLessThan(40_000);
    }

    static Stream<Arguments> hostileMessages() {
        byte[] named = {0x0a, 1, 'x'};
        byte[] zeros = bomb();
        byte[] floats = bomb(floats(Integer.MAX_VALUE));
        byte[] tensor = bomb(RAW_HUNDRED_MEGABYTES);
        return Stream.of(
                arguments("no protobuf", frame(0, 20, new byte[20]), "identity", INVALID_ARGUMENT),
                arguments(
                        "a member that is cut",
                        frame(0, 4, new byte[] {0x2a, 0x7f, 1, 1}),
                        "identity",
                        INVALID_ARGUMENT),
                arguments(
                        "floats of two gigabytes",
                        frame(0, 14, floats(Integer.MAX_VALUE)),
                        "identity",
                        INVALID_ARGUMENT),
                arguments(
                        "compressed floats of two gigabytes",
                        frame(1, floats.length, floats),
                        "gzip",
                        INVALID_ARGUMENT),
                arguments(
                        "floats of nearly as much",
                        frame(0, 14, floats(Integer.MAX_VALUE - 7)),
                        "identity",
                        INVALID_ARGUMENT),
                arguments("of another encoding than the frame says", frame(1, 3, named), "identity", INVALID_ARGUMENT),
                arguments("shorter than it says", frame(0, 1000, new byte[10]), "identity", INVALID_ARGUMENT),
                arguments("less than a frame's head", new byte[3], "identity", INVALID_ARGUMENT),
                arguments("nothing", new byte[0], "identity", INVALID_ARGUMENT),
                arguments("flags that nobody knows", frame(0x7e, 3, named), "identity", INVALID_ARGUMENT),
                arguments("not gzip", frame(1, 3, named), "gzip", INVALID_ARGUMENT),
                arguments("not deflate", frame(1, 3, named), "deflate", INVALID_ARGUMENT),
                arguments("half of gzip", frame(1, 500, Arrays.copyOf(zeros, 500)), "gzip", INVALID_ARGUMENT),
                arguments("no protobuf that grows", frame(1, zeros.length, zeros), "gzip", INVALID_ARGUMENT),
                arguments("protobuf that grows", frame(1, tensor.length, tensor), "gzip", RESOURCE_EXHAUSTED),
                arguments(
                        "of two gigabytes", frame(0, Integer.MAX_VALUE, new byte[10]), "identity", RESOURCE_EXHAUSTED),
                arguments("of a negative length", frame(0, -1, new byte[10]), "identity", RESOURCE_EXHAUSTED),
                arguments("too long", frame(0, LIMIT + 1, new byte[LIMIT + 1]), "identity", RESOURCE_EXHAUSTED),
                arguments("of an encoding that nobody knows", frame(1, 4, new byte[4]), "zstd", UNIMPLEMENTED),
                arguments("a second one", twice(frame(0, 3, named)), "identity", INVALID_ARGUMENT),
                arguments("a byte too many", Arrays.copyOf(frame(0, 3, named), 9), "identity", INVALID_ARGUMENT),
                arguments("of no model", frame(0, 0, new byte[0]), "identity", NOT_FOUND));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileMessages")
    void grpcMessages_areRefusedAsTheClientsMistake(String what, byte[] frame, String encoding, Status.Code code) {
        Refusal refusal = grpc(GRPC_INFER, frame, encoding);
        assertThat(refusal.status()).as(what).isEqualTo(Integer.toString(code.value()));
        assertThat(refusal.message())
                .as(what)
                .matches("(message|grpc-encoding|model): .+")
                .doesNotContain("com.linecorp", "Exception");
        if (code == RESOURCE_EXHAUSTED) {
            assertThat(refusal.message()).contains(LIMIT + " bytes");
        }
    }

    private static byte[] frame(int compressed, int length, byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) compressed)
                .putInt(length)
                .put(content)
                .array();
    }

    /** An input whose floats say that they take so many bytes; there is one. */
    private static byte[] floats(int length) {
        return new byte[] {0x2a, 12, 0x2a, 10, 0x32, (byte) (length | 0x80), -1, -1, -1, 0x07, 0, 0, 0, 0};
    }

    private static byte[] twice(byte[] frame) {
        return ByteBuffer.allocate(2 * frame.length).put(frame).put(frame).array();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 7, 11})
    void aStreamOfMessagesThatEndsWithinOne_endsAsTheClientsMistake(int length) {
        byte[] frames = twice(frame(0, 3, new byte[] {0x0a, 1, 'x'}));
        Refusal refusal = grpc(GRPC_STREAM, Arrays.copyOf(frames, length), "identity");
        assertThat(refusal.status()).isEqualTo(Integer.toString(INVALID_ARGUMENT.value()));
        assertThat(refusal.message()).startsWith("message: cut short");
        assertThat(grpc(GRPC_STREAM, frames, "identity").status()).isEqualTo("0");
    }

    /** How a call ended. */
    private record Refusal(String status, String message) {}

    private static Refusal grpc(String call, byte[] frames, String encoding) {
        RequestHeaders headers = RequestHeaders.of(
                HttpMethod.POST, call, "content-type", "application/grpc", "te", "trailers", "grpc-encoding", encoding);
        // Clients of gRPC stream, and don't say how long it will be.
        HttpRequestWriter request = HttpRequest.streaming(headers);
        // In two parts, which the server puts together outside the heap.
        int half = frames.length / 2;
        request.write(HttpData.wrap(Arrays.copyOf(frames, half)));
        request.write(HttpData.wrap(Arrays.copyOfRange(frames, half, frames.length)));
        request.close();
        AggregatedHttpResponse answer = WebClient.of("h2c://127.0.0.1:" + home.port())
                .execute(request)
                .aggregate()
                .join();
        return new Refusal(said(answer, "grpc-status"), said(answer, "grpc-message"));
    }

    private static String said(AggregatedHttpResponse answer, String header) {
        return answer.headers().get(header, answer.trailers().get(header, "none"));
    }
}
