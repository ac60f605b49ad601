package dev.millwright.web;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.core.ErrorKind;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelInferResponse;
import dev.millwright.inference.messages.ModelMetadataRequest;
import dev.millwright.inference.messages.ModelMetadataResponse;
import dev.millwright.inference.messages.ModelReadyRequest;
import dev.millwright.inference.messages.ModelReadyResponse;
import dev.millwright.inference.messages.ModelStatisticsRequest;
import dev.millwright.inference.messages.ModelStatisticsResponse;
import dev.millwright.inference.messages.ModelStreamInferResponse;
import dev.millwright.inference.messages.RepositoryIndexRequest;
import dev.millwright.inference.messages.RepositoryIndexResponse;
import dev.millwright.inference.messages.RepositoryModelLoadRequest;
import dev.millwright.inference.messages.RepositoryModelLoadResponse;
import dev.millwright.inference.messages.RepositoryModelUnloadRequest;
import dev.millwright.inference.messages.RepositoryModelUnloadResponse;
import dev.millwright.inference.messages.ServerLiveRequest;
import dev.millwright.inference.messages.ServerLiveResponse;
import dev.millwright.inference.messages.ServerMetadataRequest;
import dev.millwright.inference.messages.ServerMetadataResponse;
import dev.millwright.inference.messages.ServerReadyRequest;
import dev.millwright.inference.messages.ServerReadyResponse;
import dev.millwright.serving.ModelDescription;
import dev.millwright.serving.Patience;
import dev.millwright.serving.Round;
import dev.millwright.serving.Route;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.WouldWaitException;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.OpenInferenceJson;
import dev.millwright.serving.protocol.SentRequest;
import dev.millwright.web.access.Caller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Open Inference Protocol v2 over gRPC: the same answers as over REST. */
final class GrpcInference extends GRPCInferenceServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcInference.class);

    private final InferenceDesk desk;
    private final InferenceStatistics statistics;
    private final ModelRepository repository;
    private final String version;
    private final Readiness readiness;
    private final Executor threads;

    GrpcInference(
            InferenceDesk desk,
            InferenceStatistics statistics,
            ModelRepository repository,
            String version,
            Readiness readiness,
            Executor threads) {
        this.desk = desk;
        this.statistics = statistics;
        this.repository = repository;
        this.version = version;
        this.readiness = readiness;
        this.threads = threads;
    }

    /** Answers where it may block. */
    private <A> void answer(StreamObserver<A> client, Supplier<A> work) {
        ServiceRequestContext context = ServiceRequestContext.current();
        threads.execute(() -> answer(context, client, work));
    }

    private static <A> void answer(ServiceRequestContext context, StreamObserver<A> client, Supplier<A> work) {
        A answer;
        try {
            answer = Caller.inTheNameOf(context, work);
        } catch (RuntimeException failure) {
            client.onError(failure(context, failure));
            return;
        }
        client.onNext(answer);
        client.onCompleted();
    }

    private static StatusRuntimeException overloaded() {
        return Status.RESOURCE_EXHAUSTED.withDescription(Failures.OVERLOADED).asRuntimeException();
    }

    private static StatusRuntimeException failure(ServiceRequestContext context, Throwable thrown) {
        Throwable cause = Exceptions.peel(thrown);
        if (cause instanceof MillwrightException known && known.code().kind() != ErrorKind.INTERNAL) {
            return status(known).withDescription(known.getMessage()).asRuntimeException();
        }
        LOG.error("{} failed", context.path(), cause);
        return Status.INTERNAL
                .withDescription("Something went wrong inside Millwright (request "
                        + context.id().shortText() + "); the server's log says what")
                .asRuntimeException();
    }

    static Status status(MillwrightException known) {
        if (known.code() == ServingError.OVERLOADED) {
            return Status.RESOURCE_EXHAUSTED;
        }
        if (known.code() == ServingError.DEADLINE_PASSED || known.code() == ServingError.BACKEND_TIMED_OUT) {
            return Status.DEADLINE_EXCEEDED;
        }
        return switch (known.code().kind()) {
            case USER, DATA_REFUSED, GATE_REFUSED -> Status.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case FORBIDDEN -> Status.PERMISSION_DENIED;
            case NOT_FOUND -> Status.NOT_FOUND;
            case CONFLICT -> Status.FAILED_PRECONDITION;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case RESOURCE -> Status.RESOURCE_EXHAUSTED;
            case INTERNAL -> Status.INTERNAL;
        };
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> client) {
        answer(client, () -> ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> client) {
        answer(
                client,
                () -> ServerReadyResponse.newBuilder()
                        .setReady(readiness.isReady())
                        .build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> client) {
        answer(
                client,
                () -> ServerMetadataResponse.newBuilder()
                        .setName("millwright")
                        .setVersion(version)
                        .addAllExtensions(InferenceRoutes.EXTENSIONS)
                        .build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> client) {
        ServiceRequestContext context = ServiceRequestContext.current();
        answer(
                client,
                () -> ModelReadyResponse.newBuilder()
                        .setReady(isReady(waiting(context, request.getName(), request.getVersion())))
                        .build());
    }

    /** Clients make a yes or no of the answer, and an exception of any failure: what isn't there is not ready. */
    private boolean isReady(InferenceDesk.Asked asked) {
        try {
            desk.load(asked);
            return true;
        } catch (MillwrightException failure) {
            if (failure.code().kind() == ErrorKind.NOT_FOUND) {
                return false;
            }
            throw failure;
        }
    }

    private static InferenceDesk.Asked waiting(ServiceRequestContext context, String model, String requestedVersion) {
        return asked(context, model, requestedVersion, Arrival.of(context), Patience.WAITS);
    }

    /** What a call asks for; throws when its metadata says something else. */
    private static InferenceDesk.Asked asked(
            ServiceRequestContext context, String model, String requestedVersion, Arrival arrival, Patience patience) {
        RequestHeaders headers = context.request().headers();
        return new InferenceDesk.Asked(
                model,
                VersionPin.of(headers, Optional.of(requestedVersion).filter(text -> !text.isEmpty())),
                arrival,
                patience,
                VersionPin.view(headers));
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> client) {
        ServiceRequestContext context = ServiceRequestContext.current();
        answer(client, () -> {
            InferenceDesk.Asked asked = waiting(context, request.getName(), request.getVersion());
            Route route = desk.route(asked.model());
            ModelDescription description = desk.describe(asked);
            return ModelMetadataResponse.newBuilder()
                    .setName(route.endpoint())
                    .addAllVersions(InferenceDesk.versions(route))
                    .setPlatform(OpenInferenceJson.PLATFORM)
                    .addAllInputs(GrpcMessages.metadata(description.inputs()))
                    .addAllOutputs(GrpcMessages.metadata(description.outputs()))
                    .build();
        });
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> client) {
        ServiceRequestContext context = ServiceRequestContext.current();
        Optional<Patience> admitted =
                desk.admit(context.eventLoop().withoutContext(), request.getModelName(), request.getSerializedSize());
        if (admitted.isEmpty()) {
            client.onError(overloaded());
            return;
        }
        if (admitted.get() instanceof Round round) {
            try {
                var _ = Caller.inTheNameOf(context, () -> infer(context, request, Arrival.of(context), round))
                        .whenComplete((answer, failure) -> {
                            if (failure != null) {
                                client.onError(failure(context, failure));
                            } else {
                                client.onNext(answer);
                                client.onCompleted();
                            }
                        });
                return;
            } catch (WouldWaitException waits) {
                // Answered below, where it may.
            } catch (RuntimeException failure) {
                client.onError(failure(context, failure));
                return;
            }
        }
        desk.threads()
                .execute(
                        () -> answer(
                                context,
                                client,
                                () -> infer(context, request, Arrival.of(context), Patience.WAITS)
                                        .join()),
                        () -> client.onError(overloaded()));
    }

    private CompletableFuture<ModelInferResponse> infer(
            ServiceRequestContext context, ModelInferRequest request, Arrival arrival, Patience patience) {
        InferenceDesk.Asked asked =
                asked(context, request.getModelName(), request.getModelVersion(), arrival, patience);
        // What isn't there is said first, whatever else is wrong.
        desk.requireServed(asked);
        InferRequest read = GrpcMessages.read(request);
        return desk.infer(asked, read, SentRequest.of(read)).thenApply(response -> GrpcMessages.write(read, response));
    }

    /** One answer a request, in their order; the next request is taken when its forerunner has been answered. */
    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> client) {
        ServerCallStreamObserver<ModelStreamInferResponse> call =
                (ServerCallStreamObserver<ModelStreamInferResponse>) client;
        // Answers for a client that has gone are dropped; without a handler they would be failures.
        call.setOnCancelHandler(() -> {});
        call.disableAutoRequest();
        call.request(1);
        ServiceRequestContext context = ServiceRequestContext.current();
        return new InferStream(call, context, this::admitted, request -> {
            try (var _ = context.push()) {
                return infer(context, request, Arrival.ofMessage(context), Patience.WAITS)
                        .join();
            } catch (RuntimeException failure) {
                throw failure(context, failure);
            }
        });
    }

    /** Has a message of a stream answered, or refused where it would wait for too long, as a call of its own would be. */
    private void admitted(ModelInferRequest request, Runnable answer, Consumer<StatusRuntimeException> refuse) {
        Runnable refusal = () -> refuse.accept(overloaded());
        if (desk.admits(request.getModelName())) {
            desk.threads().execute(answer, refusal);
        } else {
            // On another thread, as answers are: here the next message would be asked for from within this one.
            threads.execute(refusal);
        }
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> client) {
        answer(client, () -> {
            var found = request.getName().isEmpty()
                    ? statistics.all()
                    : statistics.of(
                            desk.route(request.getName()),
                            Optional.of(request.getVersion()).filter(text -> !text.isEmpty()));
            return ModelStatisticsResponse.newBuilder()
                    .addAllModelStats(
                            found.stream().map(GrpcMessages::statistics).toList())
                    .build();
        });
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> client) {
        answer(
                client,
                () -> RepositoryIndexResponse.newBuilder()
                        .addAllModels(
                                repository
                                        .index(
                                                request.getReady()
                                                        ? ModelRepository.Wanted.READY
                                                        : ModelRepository.Wanted.ALL)
                                        .stream()
                                        .map(entry -> RepositoryIndexResponse.ModelIndex.newBuilder()
                                                .setName(entry.name())
                                                .setVersion(entry.version())
                                                .setState(entry.state())
                                                .setReason(entry.reason())
                                                .build())
                                        .toList())
                        .build());
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> client) {
        answer(client, () -> {
            String model = model(request.getRepositoryName(), request.getModelName());
            RepositoryRoutes.requireNothingElse(request.getParametersMap());
            repository.load(model);
            return RepositoryModelLoadResponse.newBuilder()
                    .setModelName(model)
                    .setIsLoaded(true)
                    .build();
        });
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> client) {
        answer(client, () -> {
            String model = model(request.getRepositoryName(), request.getModelName());
            repository.unload(model);
            return RepositoryModelUnloadResponse.newBuilder()
                    .setModelName(model)
                    .setIsUnloaded(true)
                    .build();
        });
    }

    /** Some clients put the model's name into the first field, where others put the repository's. */
    private static String model(String first, String second) {
        String model = second.isEmpty() ? first : second;
        if (model.isEmpty()) {
            throw new InvalidInputException("model_name: empty (expected: the model to load or unload)");
        }
        return model;
    }
}
