package dev.millwright.web;

import static dev.millwright.web.Http2Socket.ACKNOWLEDGED;
import static dev.millwright.web.Http2Socket.END_HEADERS;
import static dev.millwright.web.Http2Socket.HEADERS;
import static dev.millwright.web.Http2Socket.NO_ROOM;
import static dev.millwright.web.Http2Socket.PREFACE;
import static dev.millwright.web.Http2Socket.SETTINGS;
import static dev.millwright.web.Http2Socket.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections without a network, and by a clock that stands until it is moved. */
final class StalledConnectionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONG = 1 << 20;

    /** The indices in HPACK's table of GET, / and http. */
    private static final byte[] REQUEST = {(byte) 0x82, (byte) 0x84, (byte) 0x86};

    private final Http2ConnectionHandler http2 = new Http2ConnectionHandlerBuilder()
            .server(true)
            .initialSettings(new Http2Settings().maxConcurrentStreams(1_000))
            .frameListener(new Http2FrameAdapter())
            .build();
    private final Line line = new Line();

    @AfterEach
    void close() {
        var _ = line.close();
    }

    @Test
    void aClientThatTakesNothing_isHungUpOn() {
        var _ = line.writeOneOutbound(answer());
        line.flush();
        line.pass(StalledConnections.LOOKS);
        assertThat(line.isOpen()).isTrue();
        line.pass(1);
        assertThat(line.isOpen()).isFalse();
    }

    @Test
    void aClientThatTakesAByteNowAndThen_isHungUpOn() {
        var _ = line.writeOneOutbound(answer());
        for (int look = 0; look <= StalledConnections.LOOKS; look++) {
            line.take(1);
            line.pass(1);
        }
        assertThat(line.isOpen()).isFalse();
    }

    @Test
    void aClientThatTakesEnough_isWaitedFor() {
        var _ = line.writeOneOutbound(answer());
        for (int part = 0; part < 30; part++) {
            line.take(StalledConnections.LEAST);
            line.pass(StalledConnections.LOOKS);
        }
        assertThat(line.isOpen()).isTrue();
    }

    @Test
    void aClientThatIsSentNothing_isWaitedFor() {
        line.pass(100);
        assertThat(line.isOpen()).isTrue();
    }

    @Test
    void settingsThatAreNotAcknowledged_areHungUpOn() {
        line.take(Long.MAX_VALUE);
        line.pipeline().addLast(http2);
        line.writeInbound(Unpooled.wrappedBuffer(PREFACE, Http2Socket.frame(SETTINGS, 0, 0)));
        line.pass(StalledConnections.LOOKS);
        assertThat(line.isOpen()).isTrue();
        line.pass(1);
        assertThat(line.isOpen()).isFalse();
    }

    @Test
    void aRequestUnderWay_isWaitedFor() {
        ask();
        line.pass(100);
        assertThat(isUnderWay()).isTrue();
    }

    @Test
    void anAnswerForWhichThereIsNoRoom_isGivenUp() throws Exception {
        ask();
        send(answer());
        line.pass(StalledConnections.LOOKS);
        assertThat(isUnderWay()).isTrue();
        line.pass(1);
        assertThat(isUnderWay()).isFalse();
        assertThat(line.isOpen()).isTrue();
    }

    @Test
    void anAnswerThatGetsRoomForAByteNowAndThen_isGivenUp() throws Exception {
        ask();
        send(answer());
        for (int look = 0; look <= StalledConnections.LOOKS; look++) {
            grant(1, 1);
            line.pass(1);
        }
        assertThat(isUnderWay()).isFalse();
        assertThat(line.isOpen()).isTrue();
    }

    @Test
    void anAnswerThatGetsOnByEnough_isWaitedFor() throws Exception {
        ask();
        send(answer());
        for (int part = 0; part < 30; part++) {
            grant(0, StalledConnections.LEAST);
            grant(1, StalledConnections.LEAST);
            line.pass(StalledConnections.LOOKS);
        }
        assertThat(isUnderWay()).isTrue();
    }

    @Test
    void anAnswerThatGetsRoomByTheSettings_isWaitedFor() throws Exception {
        ask();
        send(answer());
        for (int part = 1; part <= 30; part++) {
            grant(0, StalledConnections.LEAST);
            byte[] window = ByteBuffer.allocate(6)
                    .putShort((short) 4)
                    .putInt(part * StalledConnections.LEAST)
                    .array();
            line.writeInbound(Unpooled.wrappedBuffer(Http2Socket.frame(SETTINGS, 0, 0, window)));
            line.pass(StalledConnections.LOOKS);
        }
        assertThat(isUnderWay()).isTrue();
    }

    @Test
    void anAnswerThatWaitsForTheWholeConnectionsRoom_isGivenUp() throws Exception {
        ask();
        grant(1, LONG);
        send(answer());
        for (int look = 0; look < 2 * StalledConnections.LOOKS; look++) {
            grant(0, 1);
            line.pass(1);
        }
        assertThat(isUnderWay()).isFalse();
    }

    /** Opens a stream on which the client may be sent nothing yet. */
    private void ask() {
        line.take(Long.MAX_VALUE);
        line.pipeline().addLast(http2);
        line.writeInbound(Unpooled.wrappedBuffer(
                PREFACE,
                Http2Socket.frame(SETTINGS, 0, 0, NO_ROOM),
                Http2Socket.frame(SETTINGS, ACKNOWLEDGED, 0),
                Http2Socket.frame(HEADERS, END_HEADERS, 1, REQUEST)));
    }

    private void send(ByteBuf answer) throws Exception {
        ChannelHandlerContext context = line.pipeline().context(http2);
        var _ = http2.encoder()
                .writeHeaders(context, 1, new DefaultHttp2Headers().status("200"), 0, false, context.newPromise());
        var _ = http2.encoder().writeData(context, 1, answer, 0, true, context.newPromise());
        http2.flush(context);
    }

    private void grant(int stream, int bytes) {
        line.writeInbound(Unpooled.wrappedBuffer(Http2Socket.frame(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array())));
    }

    private boolean isUnderWay() {
        return http2.connection().stream(1) != null;
    }

    private static ByteBuf answer() {
        return Unpooled.wrappedBuffer(new byte[LONG]);
    }

    /** A connection whose client takes as much as it is told to. */
    private static final class Line extends EmbeddedChannel {
        private long room;

        Line() {
            super(new ChannelInboundHandlerAdapter());
            freezeTime();
            StalledConnections.watch(pipeline(), PATIENCE);
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer waiting) {
            while (room > 0 && waiting.current() instanceof ByteBuf bytes) {
                long taken = Math.min(room, bytes.readableBytes());
                room -= taken;
                waiting.removeBytes(taken);
            }
        }

        void take(long bytes) {
            room = bytes;
            flush();
        }

        /** Lets so many looks at the connection happen. */
        void pass(int looks) {
            for (int i = 0; i < looks; i++) {
                advanceTimeBy(PATIENCE.dividedBy(StalledConnections.LOOKS).toNanos(), TimeUnit.NANOSECONDS);
                runScheduledPendingTasks();
            }
        }
    }
}
