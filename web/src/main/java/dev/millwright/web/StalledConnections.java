package dev.millwright.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hangs up on clients that ask and then hardly read: a request's time ends when its answer is ready, which would then be held, with what
 * the request takes, for as long as such a client likes. Looks at a connection now and then; where what is to be sent has got on by less
 * than {@link #LEAST} over several looks in a row, its client is stalled. On the connection's event loop.
 */
final class StalledConnections {
    /** In bytes; the slowest of lines has carried so much many times over when the patience ends. */
    static final int LEAST = 16 << 10;

    /** One could see by chance the same of what moves. */
    static final int LOOKS = 4;

    /** What a client of HTTP/2 may open until it has acknowledged what it may. */
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final Channel channel;

    /** What the connection sends, the first that waits for it, and how that gets on. */
    private @Nullable Object sending;

    private Progress connection = new Progress(0);

    /** Looks in a row after which a client had not acknowledged the server's settings. */
    private int unacknowledged;

    /** Of streams of HTTP/2 with something to send for which there was no room at the last look. */
    private Map<Integer, Progress> blocked = new HashMap<>();

    private boolean follows;

    private StalledConnections(Channel channel) {
        this.channel = channel;
    }

    /** Watches one connection, which may stand still for as long as {@code patience}. */
    static void watch(ChannelPipeline pipeline, Duration patience) {
        Channel channel = pipeline.channel();
        long period = patience.toNanos() / LOOKS;
        ScheduledFuture<?> looks = channel.eventLoop()
                .scheduleWithFixedDelay(new StalledConnections(channel)::look, period, period, TimeUnit.NANOSECONDS);
        var _ = channel.closeFuture().addListener(_ -> looks.cancel(false));
    }

    private void look() {
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        if (isStill() || (http2 != null && isUnacknowledged(http2))) {
            // Past what would say goodbye first, and wait for whoever doesn't read that either.
            var _ = channel.pipeline().firstContext().close();
        } else if (http2 != null) {
            lookAtStreams(http2);
        }
    }

    private boolean isStill() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        Object first = buffer == null ? null : buffer.current();
        if (buffer == null || first == null) {
            return false;
        }
        if (first != sending) {
            sending = first;
            connection = new Progress(buffer.currentProgress());
        }
        return connection.isStalled(buffer.currentProgress());
    }

    private boolean isUnacknowledged(Http2ConnectionHandler http2) {
        unacknowledged = http2.connection().remote().maxActiveStreams() == UNBOUNDED ? unacknowledged + 1 : 0;
        return unacknowledged > LOOKS;
    }

    private void lookAtStreams(Http2ConnectionHandler http2) {
        if (!follows) {
            follows = true;
            http2.decoder().frameListener(new Grants(http2.decoder().frameListener()));
        }
        Http2RemoteFlowController flow = http2.encoder().flowController();
        Map<Integer, Progress> now = new HashMap<>();
        List<Integer> stalled = new ArrayList<>();
        try {
            http2.connection().forEachActiveStream(stream -> {
                if (flow.hasFlowControlled(stream)) {
                    // What it might send without any grant, less what it still may.
                    long sent = (long) flow.initialWindowSize() - flow.windowSize(stream);
                    Progress progress = blocked.getOrDefault(stream.id(), new Progress(sent));
                    now.put(stream.id(), progress);
                    if (progress.isStalled(sent)) {
                        stalled.add(stream.id());
                    }
                }
                return true;
            });
        } catch (Http2Exception impossible) {
            throw new IllegalStateException("a look throws nothing", impossible);
        }
        blocked = now;
        ChannelHandlerContext context = channel.pipeline().context(http2);
        for (int stream : stalled) {
            var _ = http2.resetStream(context, stream, Http2Error.CANCEL.code(), context.newPromise());
        }
        context.flush();
    }

    /** How far something got since it last had got on by enough. */
    private static final class Progress {
        private long from;
        private long granted;
        private int looks;

        Progress(long from) {
            this.from = from;
        }

        /** Whether it has got on by too little for too long, looked at again. */
        boolean isStalled(long sent) {
            long all = sent + granted;
            if (all - from >= LEAST) {
                from = all;
                looks = 0;
                return false;
            }
            looks++;
            return looks > LOOKS;
        }
    }

    /** Notes what streams that wait may send beyond what any may. */
    private final class Grants extends Http2FrameListenerDecorator {
        Grants(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int increment) throws Http2Exception {
            Progress progress = blocked.get(stream);
            if (progress != null) {
                progress.granted += increment;
            }
            super.onWindowUpdateRead(context, stream, increment);
        }
    }
}
