package dev.millwright.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2ConnectionHandler;

/**
 * A client of HTTP/1 that has sent its request may say that it sends no more, and still waits for the answer. One that says so while
 * nothing is on its way has gone, and so has one of HTTP/2.
 */
final class HalfClosedConnections extends ChannelDuplexHandler {
    private boolean waits;

    private HalfClosedConnections() {}

    /** Lets a connection be half-closed, and watches it. */
    static void watch(ChannelPipeline pipeline) {
        pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        pipeline.addFirst(new HalfClosedConnections());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        waits = true;
        super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        waits = false;
        super.write(context, message, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            if (!waits || context.pipeline().get(Http2ConnectionHandler.class) != null) {
                // Past what would say goodbye first, to nobody: that the bytes come back would keep the loop busy
                // meanwhile.
                var _ = context.close();
            }
            // Nobody behind expects it: the server would warn of each client that leaves.
            return;
        }
        super.userEventTriggered(context, event);
    }
}
