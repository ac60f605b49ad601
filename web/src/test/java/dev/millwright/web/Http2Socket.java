package dev.millwright.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.primitives.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client of HTTP/2 that sends the frames it is told to and none else: it grants no room. */
final class Http2Socket implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACKNOWLEDGED = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** Settings by which an answer may have no content until the client grants some. */
    static final byte[] NO_ROOM = {0, 4, 0, 0, 0, 0};

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private static final Frame HUNG_UP = new Frame(-1, 0, new DefaultHttp2Headers(), new byte[0]);

    private final Socket socket;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final BlockingQueue<Frame> come = new LinkedBlockingQueue<>();

    /** What the server sent; with headers where they begin an answer or end it. */
    record Frame(int type, int stream, Http2Headers headers, byte[] content) {
        boolean isHungUp() {
            return type == -1;
        }

        /** The value of a header, or nothing. */
        String header(String name) {
            return Optional.ofNullable(headers.get(name))
                    .map(CharSequence::toString)
                    .orElse("");
        }

        /** What a reset says, as RFC 9113 numbers it. */
        int code() {
            return ByteBuffer.wrap(content).getInt();
        }
    }

    private Http2Socket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        Thread.ofVirtual().start(this::read);
    }

    /** With these settings; acknowledges the server's at once, so that no pause of this machine makes it late. */
    static Http2Socket open(int port, byte... settings) throws IOException {
        Http2Socket opened = new Http2Socket(port);
        opened.write(PREFACE, frame(SETTINGS, 0, 0, settings), frame(SETTINGS, ACKNOWLEDGED, 0));
        return opened;
    }

    /** One that never acknowledges the server's settings. */
    static Http2Socket unacknowledging(int port) throws IOException {
        Http2Socket opened = new Http2Socket(port);
        opened.write(PREFACE, frame(SETTINGS, 0, 0));
        return opened;
    }

    static byte[] frame(int type, int flags, int stream, byte... content) {
        return ByteBuffer.allocate(9 + content.length)
                .putInt(content.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(content)
                .array();
    }

    void send(int type, int flags, int stream, byte... content) throws IOException {
        write(frame(type, flags, stream, content));
    }

    private void write(byte[]... parts) throws IOException {
        socket.getOutputStream().write(Bytes.concat(parts));
    }

    /** The same where the server may have hung up; what it sent before that can still be read. */
    void trySend(int type, int flags, int stream, byte... content) {
        try {
            send(type, flags, stream, content);
        } catch (IOException hungUp) {
            // As said above.
        }
    }

    /** What begins a request, for a frame of headers. */
    byte[] head(String method, String path, String... others) throws Http2Exception {
        Http2Headers headers = new DefaultHttp2Headers()
                .method(method)
                .scheme("http")
                .authority("localhost")
                .path(path);
        for (int i = 0; i < others.length; i += 2) {
            headers.add(others[i], others[i + 1]);
        }
        ByteBuf bytes = Unpooled.buffer();
        encoder.encodeHeaders(1, headers, bytes);
        return ByteBufUtil.getBytes(bytes);
    }

    /** The next frame, if it comes soon. */
    Optional<Frame> next(long millis) throws InterruptedException {
        return Optional.ofNullable(come.poll(millis, TimeUnit.MILLISECONDS));
    }

    /** The first frame that is asked for, or that says that there will be none. Sends pings meanwhile, so that the connection is used. */
    Optional<Frame> await(Predicate<Frame> asked) throws InterruptedException {
        for (int silent = 0; silent < 1_000; ) {
            Optional<Frame> next = next(50);
            if (next.filter(frame -> frame.isHungUp() || asked.test(frame)).isPresent()) {
                return next;
            }
            if (next.isEmpty()) {
                silent++;
                trySend(PING, 0, 0, new byte[8]);
            }
        }
        return Optional.empty();
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                come.add(frame(in));
            }
        } catch (IOException | Http2Exception ended) {
            come.add(HUNG_UP);
        }
    }

    private Frame frame(DataInputStream in) throws IOException, Http2Exception {
        int lengthAndType = in.readInt();
        in.readByte();
        int stream = in.readInt();
        byte[] content = in.readNBytes(lengthAndType >>> 8);
        int type = lengthAndType & 0xff;
        return new Frame(
                type,
                stream,
                type == HEADERS
                        ? decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(content))
                        : new DefaultHttp2Headers(),
                content);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
