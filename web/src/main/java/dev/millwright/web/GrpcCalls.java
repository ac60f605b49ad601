package dev.millwright.web;

import com.google.common.base.Throwables;
import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckService;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.millwright.core.MillwrightException;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc;
import dev.millwright.serving.ServingError;
import dev.millwright.web.GrpcFrames.Messages;
import io.grpc.BindableService;
import io.grpc.DecompressorRegistry;
import io.grpc.Status;
import io.netty.util.AttributeKey;
import java.util.Arrays;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** gRPC on the routes of its calls with POST alone, which is all that it is sent with; left alone it would take every method. */
final class GrpcCalls implements HttpService {
    private static final DecompressorRegistry COMPRESSIONS = DecompressorRegistry.getDefaultInstance()
            .with(new GzipCodec(), true)
            .with(new DeflateCodec(), true);

    /** Refuses a compression that is not known, and says which are, as gRPC wants it. */
    private static final ResponseHeaders OTHER_COMPRESSION = ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.parse("application/grpc+proto"))
            .setInt("grpc-status", Status.Code.UNIMPLEMENTED.value())
            .set("grpc-message", "grpc-encoding: not known (expected: one of gzip, deflate, identity)")
            .set("grpc-accept-encoding", "gzip,deflate,identity")
            .endOfStream(true)
            .build();

    /** In a library that we don't compile against. */
    private static final String FRAME_READER = "com.linecorp.armeria.common.grpc.protocol.AbstractMessageDeframer";

    static final Status BROKEN_FRAME = Status.INVALID_ARGUMENT.withDescription(
            "message: cut short, or not in the frame and the compression that it says (expected: its length, and all"
                    + " of it)");

    private static final AttributeKey<GrpcFrames> FRAMES = AttributeKey.valueOf(GrpcCalls.class, "FRAMES");

    private final GrpcService grpc;
    private final Messages messages;
    private final long longest;

    private GrpcCalls(GrpcService grpc, Messages messages, long longest) {
        this.grpc = grpc;
        this.messages = messages;
        this.longest = longest;
    }

    /** Messages may be as long as bodies of requests. Beside the protocol's calls are those that gRPC's own health checks use. */
    static void add(Routes routes, BindableService service, Readiness readiness, long longest) {
        GrpcService grpc = GrpcService.builder()
                .addService(HeapMessages.of(service.bindService()))
                // Read as Armeria will have it: of one text, which is checked.
                .addService(GrpcHealthCheckService.builder()
                        .checkers(readiness.checker())
                        .serviceCheckers(GRPCInferenceServiceGrpc.SERVICE_NAME, readiness.checker())
                        .build())
                .supportedSerializationFormats(GrpcSerializationFormats.PROTO)
                .decompressorRegistry(COMPRESSIONS)
                .maxRequestMessageLength((int) Math.min(Integer.MAX_VALUE, longest))
                .maxResponseMessageLength(Integer.MAX_VALUE)
                .exceptionHandler((context, status, cause, metadata) -> status(status, cause, longest))
                .build();
        grpc.methodsByRoute().forEach((route, method) -> {
            Messages messages =
                    method.getMethodDescriptor().getType().clientSendsOneMessage() ? Messages.ONE : Messages.MANY;
            routes.add(HttpMethod.POST, route.patternString(), new GrpcCalls(grpc, messages, longest));
        });
    }

    /** What the client did is not called a failure of the server. */
    private static Status status(Status usual, Throwable thrown, long longest) {
        Status tooLong = Status.RESOURCE_EXHAUSTED.withDescription(
                "message: longer than " + longest + " bytes. Send it in parts");
        for (Throwable cause : Throwables.getCausalChain(thrown)) {
            switch (cause) {
                case ContentTooLargeException _ -> {
                    return tooLong;
                }
                case InvalidProtocolBufferException _ -> {
                    return Status.INVALID_ARGUMENT.withDescription(
                            "message: not one of this call (expected: protobuf). Compare the client's .proto");
                }
                case MillwrightException known -> {
                    return GrpcInference.status(known).withDescription(known.getMessage());
                }
                case RequestTimeoutException _ -> {
                    return Status.DEADLINE_EXCEEDED.withDescription(
                            "deadline: passed before there was an answer (expected: one in time). Wait longer");
                }
                default -> {
                    if (isOfFrames(cause)) {
                        return usual.getCode() == Status.Code.RESOURCE_EXHAUSTED ? tooLong : BROKEN_FRAME;
                    }
                }
            }
        }
        return usual;
    }

    /** Whether what is around a message could not be read: then none of our code has been asked yet. Armeria has no type for it. */
    private static boolean isOfFrames(Throwable cause) {
        return Arrays.stream(cause.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(FRAME_READER));
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
        String compression = request.headers().get("grpc-encoding");
        if (compression != null && COMPRESSIONS.lookupDecompressor(compression) == null) {
            return HttpResponse.of(OTHER_COMPRESSION);
        }
        GrpcFrames frames = new GrpcFrames(messages, longest);
        HttpRequest followed = WatchedBody.of(request, frames.andThen(_ -> BodyBudget.hold(context, frames.held())));
        context.updateRequest(followed);
        // Each message is bounded by itself, and refused with a status that clients of gRPC read.
        context.setMaxRequestLength(0);
        switch (messages) {
            case ONE -> limitTime(context, followed);
            case MANY -> context.setAttr(FRAMES, frames);
        }
        return grpc.serve(context, followed);
    }

    /** A deadline is the client's to set, and it may set none; how long its message may take to come is not. */
    private static void limitTime(ServiceRequestContext context, HttpRequest request) {
        long millis = context.requestTimeoutMillis();
        if (millis > 0) {
            ScheduledFuture<?> late = context.eventLoop()
                    .withoutContext()
                    .schedule(
                            () -> request.abort(new MillwrightException(
                                    ServingError.DEADLINE_PASSED,
                                    "message: not here within " + millis
                                            + " ms (expected: all of it). Send it faster, or in parts")),
                            millis,
                            TimeUnit.MILLISECONDS);
            var _ = request.whenComplete().handle((_, _) -> late.cancel(false));
        }
    }

    /** Whether the messages of a call ended within one; asked once they have. */
    static boolean isCut(ServiceRequestContext context) {
        GrpcFrames frames = context.attr(FRAMES);
        return frames != null && frames.isCut();
    }

    /** The first of a stream's messages that weren't answered yet is; it takes no memory any more. */
    static void answered(ServiceRequestContext context) {
        GrpcFrames frames = context.attr(FRAMES);
        if (frames != null) {
            context.eventLoop().execute(() -> {
                frames.answered();
                BodyBudget.hold(context, frames.held());
            });
        }
    }

    @Override
    public void serviceAdded(ServiceConfig config) throws Exception {
        grpc.serviceAdded(config);
    }

    /** So that a message is counted while it comes, and may be refused before all of it has. */
    @Override
    public ExchangeType exchangeType(RoutingContext routing) {
        return grpc.exchangeType(routing).isResponseStreaming()
                ? ExchangeType.BIDI_STREAMING
                : ExchangeType.REQUEST_STREAMING;
    }
}
