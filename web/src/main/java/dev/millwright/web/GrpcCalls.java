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
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckService;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.millwright.core.MillwrightException;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc;
import io.grpc.DecompressorRegistry;
import io.grpc.Status;
import java.util.Arrays;

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

    private static final Status BROKEN_FRAME = Status.INVALID_ARGUMENT.withDescription(
            "message: cut short, or not in the frame and the compression that it says (expected: its length, and all of it)");

    private final GrpcService grpc;

    private GrpcCalls(GrpcService grpc) {
        this.grpc = grpc;
    }

    /** Messages may be as long as bodies of requests. Beside the protocol's calls are those that gRPC's own health checks use. */
    static void add(Routes routes, GrpcInference service, Readiness readiness, long longest) {
        GrpcService grpc = GrpcService.builder()
                .addService(service)
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
        for (Route route : grpc.routes()) {
            routes.add(HttpMethod.POST, route.patternString(), new GrpcCalls(grpc));
        }
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
        return compression == null || COMPRESSIONS.lookupDecompressor(compression) != null
                ? grpc.serve(context, request)
                : HttpResponse.of(OTHER_COMPRESSION);
    }

    @Override
    public void serviceAdded(ServiceConfig config) throws Exception {
        grpc.serviceAdded(config);
    }

    @Override
    public ExchangeType exchangeType(RoutingContext routing) {
        return grpc.exchangeType(routing);
    }
}
