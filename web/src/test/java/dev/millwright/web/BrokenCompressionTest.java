package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import io.grpc.Status;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that say that they are compressed, and are not. */
final class BrokenCompressionTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int CALLS = 64;

    @TempDir
    private Path folder;

    /** What Netty keeps outside the heap, for all servers and clients of this JVM. */
    private static long allocated() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private static HttpRequest request(String call, String encoding) {
        HttpData message = HttpData.wrap(
                ByteBuffer.allocate(5 + MEBIBYTE).put((byte) 1).putInt(MEBIBYTE).array());
        RequestHeaders headers = RequestHeaders.of(
                HttpMethod.POST,
                "/inference.GRPCInferenceService/" + call,
                "content-type",
                "application/grpc",
                "te",
                "trailers",
                "grpc-encoding",
                encoding);
        return HttpRequest.of(headers, StreamMessage.of(message));
    }

    @ParameterizedTest
    @CsvSource({"ModelInfer, gzip", "ModelInfer, deflate", "ModelStreamInfer, gzip", "ModelStreamInfer, deflate"})
    void leaveNoMemoryBehind(String call, String encoding) {
        try (SmallHome home = new SmallHome(folder)) {
            WebClient client = WebClient.of("h2c://" + WebOptions.LOOPBACK + ":" + home.port());
            long before = 0;
            for (int i = 0; i < 2 * CALLS; i++) {
                AggregatedHttpResponse answer =
                        client.execute(request(call, encoding)).aggregate().join();
                assertThat(answer.headers().get("grpc-status", answer.trailers().get("grpc-status", "none")))
                        .isEqualTo(Integer.toString(Status.Code.INVALID_ARGUMENT.value()));
                if (i == CALLS) {
                    before = allocated();
                }
            }
            assertThat(allocated() - before).isLessThan(CALLS / 4 * MEBIBYTE);
        }
    }
}
