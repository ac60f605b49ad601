import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A connection of HTTP/1.1 that stays open, with one request under way at most. For one thread. */
final class Connection {
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final int LONGEST_HEAD = 1 << 14;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer request;
    private final byte[] head = new byte[LONGEST_HEAD];

    /** Bytes of the head that have come. */
    private int headBytes;

    /** Bytes of the body that are still to come; negative before the head is whole. */
    private long missing = -1;

    /** The status of the answer under way. */
    private int status;

    /** When the request under way was to be sent, by {@link System#nanoTime}. */
    long intended;

    Connection(InetSocketAddress address, Selector selector, ByteBuffer request) throws IOException {
        this.channel = SocketChannel.open(address);
        this.request = request.duplicate();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(long due) throws IOException {
        intended = due;
        headBytes = 0;
        missing = -1;
        request.rewind();
        write();
    }

    /** Sends what didn't fit before. */
    void write() throws IOException {
        channel.write(request);
        key.interestOps(request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Takes what has come: the status of an answer that is whole now, or 0. */
    int receive(ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            throw new EOFException("closed by the server");
        }
        buffer.flip();
        if (missing < 0) {
            readHead(buffer);
        }
        if (missing >= 0) {
            missing -= buffer.remaining();
            if (missing < 0) {
                throw new IOException("answer: longer than its Content-Length");
            }
        }
        return missing == 0 ? status : 0;
    }

    private void readHead(ByteBuffer buffer) throws IOException {
        int from = Math.max(0, headBytes - END_OF_HEAD.length + 1);
        int taken = Math.min(buffer.remaining(), head.length - headBytes);
        buffer.get(buffer.position(), head, headBytes, taken);
        int end = endOfHead(from, headBytes + taken);
        if (end < 0) {
            if (headBytes + taken == head.length) {
                throw new IOException("answer: a head of more than " + LONGEST_HEAD + " bytes");
            }
            headBytes += taken;
            buffer.position(buffer.position() + taken);
            return;
        }
        buffer.position(buffer.position() + end - headBytes);
        headBytes = end;
        status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0';
        missing = contentLength();
    }

    private int endOfHead(int from, int to) {
        for (int i = from; i + END_OF_HEAD.length <= to; i++) {
            if (head[i] == '\r' && Arrays.equals(head, i, i + END_OF_HEAD.length, END_OF_HEAD, 0, END_OF_HEAD.length)) {
                return i + END_OF_HEAD.length;
            }
        }
        return -1;
    }

    private long contentLength() throws IOException {
        for (int line = 0; line < headBytes; line = nextLine(line)) {
            if (named(line, "content-length:")) {
                return number(line + "content-length:".length());
            }
        }
        throw new IOException("answer: no Content-Length in\n" + new String(head, 0, headBytes, StandardCharsets.ISO_8859_1));
    }

    private int nextLine(int at) {
        int next = at;
        while (next < headBytes && head[next] != '\n') {
            next++;
        }
        return next + 1;
    }

    private boolean named(int at, String lowerCase) {
        for (int i = 0; i < lowerCase.length(); i++) {
            int letter = head[at + i];
            if ((letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private long number(int from) {
        int at = from;
        while (head[at] == ' ') {
            at++;
        }
        long value = 0;
        for (; head[at] >= '0' && head[at] <= '9'; at++) {
            value = value * 10 + head[at] - '0';
        }
        return value;
    }

    void close() throws IOException {
        key.cancel();
        channel.close();
    }

    /** The bytes of a POST. */
    static ByteBuffer post(InetSocketAddress address, String path, List<String> headers, byte[] body) {
        StringBuilder head = new StringBuilder(256)
                .append(String.format(Locale.ROOT, "POST %s HTTP/1.1\r\nHost: %s:%d\r\n", path, address.getHostString(), address.getPort()));
        headers.forEach(header -> head.append(header).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        byte[] bytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocateDirect(bytes.length + body.length).put(bytes).put(body).flip();
    }
}
