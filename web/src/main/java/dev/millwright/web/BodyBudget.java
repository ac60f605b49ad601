package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.ServingError;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what the bodies of all requests take together that are being read, or were read and are not answered yet: each may be long,
 * and many may be sent slowly. A body counts as it comes, so that nobody takes room by promising much; a compressed one also as it grows.
 * Bodies that are passed on as they come are held by nobody, and don't count; of a stream of messages, those do that aren't answered yet.
 * Thread-safe.
 */
final class BodyBudget implements DecoratingHttpServiceFunction {
    /** So short ones don't count: of what a server can have of them at a time they are a small part of its memory. */
    private static final int SHORT = 64 << 10;

    private static final long LEAST = 64 << 20;

    /** Of a request whose body counts. */
    private static final AttributeKey<Body> BODY = AttributeKey.valueOf(BodyBudget.class, "BODY");

    private final long most;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long most) {
        this.most = most;
    }

    /** A quarter of the memory that this JVM may take. */
    static BodyBudget ofThisMachine() {
        return new BodyBudget(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 4));
    }

    @Override
    public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        if (isShort(request.headers()) || context.maxRequestLength() == 0) {
            return service.serve(context, request);
        }
        Body body = new Body(request.headers().contains(HttpHeaderNames.CONTENT_ENCODING));
        var _ = context.log().whenComplete().thenRun(body::release);
        context.setAttr(BODY, body);
        if (context.config().service().as(GrpcCalls.class) != null) {
            // Which says itself what it holds.
            return service.serve(context, request);
        }
        HttpRequest counted = WatchedBody.of(request, body::add);
        context.updateRequest(counted);
        return service.serve(context, counted);
    }

    /** Counts what has been decompressed of bodies that came compressed, for the same request. */
    static HttpResponse countDecoded(HttpService service, ServiceRequestContext context, HttpRequest decoded)
            throws Exception {
        Body body = context.attr(BODY);
        return body == null || !body.compressed
                ? service.serve(context, decoded)
                : service.serve(context, WatchedBody.of(decoded, body::add));
    }

    /** Counts so many bytes for a call of gRPC from now on. */
    static void hold(ServiceRequestContext context, long bytes) {
        Body body = context.attr(BODY);
        if (body != null) {
            body.hold(bytes);
        }
    }

    /** What counted bodies take now, in bytes. */
    long held() {
        return held.get();
    }

    private static boolean isShort(RequestHeaders headers) {
        long length = headers.contentLength();
        return headers.method() == HttpMethod.GET
                || headers.method() == HttpMethod.HEAD
                || (length >= 0 && length <= SHORT && !headers.contains(HttpHeaderNames.CONTENT_ENCODING));
    }

    /** What has come of one request; on its event loop, but for the end. */
    private final class Body {
        private final AtomicLong come = new AtomicLong();
        private final boolean compressed;
        /** From then on it takes no room, whatever is still said of it. */
        private volatile boolean released;

        Body(boolean compressed) {
            this.compressed = compressed;
        }

        void add(HttpData data) {
            come.addAndGet(data.length());
            count(data.length());
        }

        void hold(long bytes) {
            if (!released) {
                count(bytes - come.getAndSet(bytes));
            }
        }

        private void count(long more) {
            if (held.addAndGet(more) > most && more > 0) {
                release(); // Now, lest those that are kept go without the room of one that isn't.
                throw new MillwrightException(
                        ServingError.OVERLOADED,
                        "body: no room for it, as " + most
                                + " bytes of other requests are being read (expected: fewer at a time). Send it again"
                                + " later.");
            }
        }

        void release() {
            released = true;
            held.addAndGet(-come.getAndSet(0));
        }
    }
}
