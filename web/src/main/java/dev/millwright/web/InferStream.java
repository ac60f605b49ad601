package dev.millwright.web;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelInferResponse;
import dev.millwright.inference.messages.ModelStreamInferResponse;
import dev.millwright.web.access.Caller;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** A stream of requests, answered one after the other; a request that fails ends nothing but itself. */
final class InferStream implements StreamObserver<ModelInferRequest> {
    private final ServerCallStreamObserver<ModelStreamInferResponse> client;
    private final ServiceRequestContext context;
    private final Executor threads;
    private final Function<ModelInferRequest, ModelInferResponse> answering;
    private boolean answers;
    private boolean complete;

    /** The first request has been asked for by the caller. */
    InferStream(
            ServerCallStreamObserver<ModelStreamInferResponse> client,
            ServiceRequestContext context,
            Executor threads,
            Function<ModelInferRequest, ModelInferResponse> answering) {
        this.client = client;
        this.context = context;
        this.threads = threads;
        this.answering = answering;
    }

    @Override
    public synchronized void onNext(ModelInferRequest request) {
        answers = true;
        threads.execute(() -> answer(request));
    }

    private void answer(ModelInferRequest request) {
        ModelStreamInferResponse.Builder response = ModelStreamInferResponse.newBuilder();
        try {
            response.setInferResponse(Caller.inTheNameOf(context, () -> answering.apply(request)));
        } catch (StatusRuntimeException failure) {
            // The id lets the client know which of its requests this is.
            response.setErrorMessage(String.valueOf(failure.getStatus().getDescription()))
                    .setInferResponse(ModelInferResponse.newBuilder().setId(request.getId()));
        }
        client.onNext(response.build());
        answered();
    }

    private synchronized void answered() {
        answers = false;
        if (complete) {
            end();
        } else {
            client.request(1);
        }
    }

    @Override
    public void onError(Throwable gone) {
        // The client has gone, and wants no more answers.
    }

    @Override
    public synchronized void onCompleted() {
        complete = true;
        if (!answers) {
            // The last answer may still wait for the event loop, on which this runs: the end queues up behind it.
            context.eventLoop().execute(this::end);
        }
    }

    private void end() {
        if (GrpcCalls.isCut(context)) {
            client.onError(GrpcCalls.BROKEN_FRAME.asRuntimeException());
        } else {
            client.onCompleted();
        }
    }
}
