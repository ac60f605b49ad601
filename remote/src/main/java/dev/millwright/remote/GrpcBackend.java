package dev.millwright.remote;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Clients;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpHeaders;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceFutureStub;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelInferResponse;
import dev.millwright.inference.messages.ModelMetadataRequest;
import dev.millwright.inference.messages.ModelMetadataResponse;
import dev.millwright.inference.messages.ModelReadyRequest;
import dev.millwright.inference.messages.ServerReadyRequest;
import dev.millwright.serving.Hops;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.ModelTensors;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorForm;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.remote.BackendClient;
import dev.millwright.serving.remote.BackendException;
import dev.millwright.serving.remote.BackendException.Kind;
import dev.millwright.serving.remote.RemoteDescription;
import dev.millwright.serving.remote.RemoteTarget;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One server, over gRPC. */
final class GrpcBackend implements BackendClient {
    private final GRPCInferenceServiceFutureStub stub;
    private final String model;
    private final String version;

    GrpcBackend(ClientFactory factory, RemoteTarget target, URI backend, HttpHeaders headers) {
        String scheme = backend.getScheme().equals("http") ? "gproto+h2c" : "gproto+https";
        this.stub = GrpcClients.builder(scheme + "://" + backend.getRawAuthority() + "/")
                .factory(factory)
                // Else answers are read outside the heap, where protobuf 3.25.8 doesn't check all lengths: one could
                // crash the JVM.
                .useMethodMarshaller(true)
                .maxResponseMessageLength(OpenInferenceClients.LONGEST_ANSWER)
                .maxResponseLength(OpenInferenceClients.LONGEST_ANSWER)
                .setHeaders(headers)
                .build(GRPCInferenceServiceFutureStub.class);
        this.model = target.model();
        this.version = target.version().orElse("");
    }

    @Override
    public List<Tensor> infer(List<Tensor> inputs, Duration within) throws BackendException {
        ModelInferRequest.Builder request =
                ModelInferRequest.newBuilder().setModelName(model).setModelVersion(version);
        for (Tensor input : inputs) {
            ModelInferRequest.InferInputTensor.Builder tensor = request.addInputsBuilder()
                    .setName(input.name())
                    .setDatatype(input.datatype().name());
            for (long size : input.shape()) {
                tensor.addShape(size);
            }
            request.addRawInputContents(GrpcTensors.raw(input));
        }
        ModelInferResponse answer;
        try (var _ = Clients.withHeader(Hops.HEADER, Integer.toString(Hops.next()))) {
            answer = call(within, timed -> timed.modelInfer(request.build()));
        }
        try {
            return GrpcTensors.readOutputs(answer.getOutputsList(), answer.getRawOutputContentsList());
        } catch (InvalidInputException invalid) {
            throw noAnswer(invalid);
        }
    }

    private static BackendException noAnswer(InvalidInputException invalid) {
        return new BackendException(Kind.NO_ANSWER, String.valueOf(invalid.getMessage()), invalid);
    }

    @Override
    public boolean isReady(Duration within) {
        try {
            return call(within, timed -> timed.serverReady(ServerReadyRequest.getDefaultInstance()))
                            .getReady()
                    && call(
                                    within,
                                    timed -> timed.modelReady(ModelReadyRequest.newBuilder()
                                            .setName(model)
                                            .setVersion(version)
                                            .build()))
                            .getReady();
        } catch (BackendException silent) {
            return false;
        }
    }

    @Override
    public RemoteDescription describe(Duration within) throws BackendException {
        ModelMetadataResponse answer = call(
                within,
                timed -> timed.modelMetadata(ModelMetadataRequest.newBuilder()
                        .setName(model)
                        .setVersion(version)
                        .build()));
        try {
            return new RemoteDescription(
                    new ModelTensors(tensors(answer.getInputsList()), tensors(answer.getOutputsList())),
                    TensorForm.BINARY);
        } catch (InvalidInputException invalid) {
            throw noAnswer(invalid);
        }
    }

    private static List<TensorMetadata> tensors(List<ModelMetadataResponse.TensorMetadata> tensors) {
        return tensors.stream()
                .map(tensor -> new TensorMetadata(
                        tensor.getName(),
                        Datatype.find(tensor.getDatatype())
                                .orElseThrow(() -> new InvalidInputException("datatype: '"
                                        + Words.shortened(tensor.getDatatype())
                                        + "' (expected: one of the protocol's). Tensor: "
                                        + Words.shortened(tensor.getName()))),
                        tensor.getShapeList().stream()
                                .mapToLong(Long::longValue)
                                .toArray()))
                .toList();
    }

    private <T> T call(Duration within, Function<GRPCInferenceServiceFutureStub, ? extends Future<T>> call)
            throws BackendException {
        return Calls.await(
                call.apply(stub.withDeadlineAfter(within.toNanos(), TimeUnit.NANOSECONDS)),
                within,
                GrpcBackend::failure);
    }

    private static BackendException failure(Throwable cause, Duration within) {
        Status status = Status.fromThrowable(cause);
        String description = status.getDescription();
        String text = "answered " + status.getCode() + (description == null ? "" : ": " + Words.wellFormed(description))
                + " (expected: OK)";
        return switch (status.getCode()) {
            case RESOURCE_EXHAUSTED -> new BackendException(Kind.BUSY, text, cause);
            case DEADLINE_EXCEEDED, CANCELLED -> Calls.timedOut(within, cause);
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, ALREADY_EXISTS ->
                new BackendException(Kind.REFUSED, text, cause);
            case NOT_FOUND, UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED ->
                new BackendException(Kind.UNPROCESSED, text, cause);
            case UNAVAILABLE -> Calls.lost(cause);
            case OK, UNKNOWN, ABORTED, INTERNAL, DATA_LOSS -> new BackendException(Kind.FAILED, text, cause);
        };
    }
}
