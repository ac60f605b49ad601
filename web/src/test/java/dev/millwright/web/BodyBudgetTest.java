package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerPort;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with room for three bodies of a mebibyte. */
class BodyBudgetTest {
    private static final int MEBIBYTE = 1 << 20;

    private final BodyBudget budget = new BodyBudget(3L * MEBIBYTE + MEBIBYTE / 2);
    private Server server;

    @BeforeEach
    void start() {
        server = HttpServer.builder()
                .port(new ServerPort(new InetSocketAddress(WebOptions.LOOPBACK, 0), SessionProtocol.HTTP))
                .errorHandler(new Failures(new Templates(InstantSource.system(), "1", Assets.load())))
                .decorator(budget)
                .service(
                        "/",
                        Routes.decoding((context, request) -> HttpResponse.of(request.aggregate()
                                .thenApply(whole ->
                                        HttpResponse.of("" + whole.content().length())))))
                .build();
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

    private void awaitHeld(long bytes) {
        while (budget.held() != bytes) {
            Thread.onSpinWait();
        }
    }
}
