package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bytes are sent as the messages of a call: an answer, or a refusal that blames the client; and the next call is answered. */
class GrpcFramesFuzzTest {
    private static final String SERVICE = "/inference.GRPCInferenceService/";
    private static final byte[] EMPTY_MESSAGE = new byte[5];

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static WebClient client;

    @BeforeAll
    static void serve() throws Exception {
        home = new SmallHome(folder);
        home.run(1.0);
        client = WebClient.of("h2c://" + WebOptions.LOOPBACK + ":" + home.port());
    }

    @AfterAll
    static void close() {
        home.close();
    }

    @FuzzTest
    void call(byte[] bytes) {
        OptionalInt messages = messages(bytes);
        Status.Code one = call("ModelInfer", bytes);
        if (messages.orElse(0) == 1) {
            assertThat(one)
                    .isIn(
                            Status.Code.OK,
                            Status.Code.INVALID_ARGUMENT,
                            Status.Code.NOT_FOUND,
                            Status.Code.RESOURCE_EXHAUSTED);
        } else {
            assertThat(one).isIn(Status.Code.INVALID_ARGUMENT, Status.Code.RESOURCE_EXHAUSTED);
        }
        // Of a stream, each message is answered by itself.
        Status.Code many = call("ModelStreamInfer", bytes);
        if (messages.isPresent()) {
            assertThat(many).isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.RESOURCE_EXHAUSTED);
        } else {
            assertThat(many).isIn(Status.Code.INVALID_ARGUMENT, Status.Code.RESOURCE_EXHAUSTED);
        }
        assertThat(call("ServerLive", EMPTY_MESSAGE)).isEqualTo(Status.Code.OK);
    }

    /** How many messages these are, if they are that and nothing else. */
    private static OptionalInt messages(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        int count = 0;
        while (rest.remaining() >= EMPTY_MESSAGE.length) {
            rest.get();
            long length = Integer.toUnsignedLong(rest.getInt());
            if (length > rest.remaining()) {
                return OptionalInt.empty();
            }
            rest.position(rest.position() + (int) length);
            count++;
        }
        return rest.hasRemaining() ? OptionalInt.empty() : OptionalInt.of(count);
    }

    /** How a call ended; a status that is none fails. */
    private static Status.Code call(String method, byte[] bytes) {
        RequestHeaders headers = RequestHeaders.of(
                HttpMethod.POST,
                SERVICE + method,
                "content-type",
                "application/grpc",
                "te",
                "trailers",
                "grpc-encoding",
                "gzip");
        AggregatedHttpResponse answer = client.execute(HttpRequest.of(headers, StreamMessage.of(parts(bytes))))
                .aggregate()
                .join();
        String status = answer.headers().get("grpc-status", answer.trailers().get("grpc-status", "none"));
        assertThat(status).as("%s: %s", method, answer).matches("[0-9]+");
        return Status.fromCodeValue(Integer.parseInt(status)).getCode();
    }

    /** So that heads of messages come in several frames of HTTP/2. */
    private static HttpData[] parts(byte[] bytes) {
        int length = bytes.length / 5 + 1;
        List<HttpData> parts = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += length) {
            parts.add(HttpData.wrap(Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + length))));
        }
        return parts.toArray(HttpData[]::new);
    }
}
