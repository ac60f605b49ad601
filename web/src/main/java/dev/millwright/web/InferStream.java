package dev.millwright.web;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelInferResponse;
import dev.millwright.inference.messages.ModelStreamInferResponse;
import dev.millwright.web.access.Caller;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.Function;

/** A stream of requests, answered one after the other; a request that fails ends nothing but itself. */
final class InferStream implements StreamObserver<ModelInferRequest> {
    private final ServerCallStreamObserver<ModelStreamInferResponse> client;
    private final ServiceRequestContext context;
    private final Admission admission;
    private final Function<ModelInferRequest, ModelInferResponse> answering;
    private boolean answers;
    private boolean complete;

    /** Decides when a request is answered, or that it is refused; on other threads than the stream's own. */
    @FunctionalInterface
    interface Admission {
        void admit(ModelInferRequest request, Runnable answer, Consumer<StatusRuntimeException> refuse);
    }

    /** The first request has been asked for by the caller. */
    InferStream(
            ServerCallStreamObserver<ModelStreamInferResponse> client,
            ServiceRequestContext context,
            Admission admission,
            Function<ModelInferRequest, ModelInferResponse> answering) {
        this.client = client;
        this.context = context;
        this.admission = admission;
        this.answering = answering;
    }

    @Override
    public synchronized void onNext(ModelInferRequest request) {
        answers = true;
        admission.admit(request, () -> answer(request), refusal -> fail(request, refusal));
    }

    private void answer(ModelInferRequest request) {
        ModelInferResponse response;
        try {
            response = Caller.inTheNameOf(context, () -> answering.apply(request));
        } catch (StatusRuntimeException failure) {
            fail(request, failure);
            return;
        }
        send(ModelStreamInferResponse.newBuilder().setInferResponse(response).build());
    }

    /** The id lets the client know which of its requests this is. */
    private void fail(ModelInferRequest request, StatusRuntimeException failure) {
        send(ModelStreamInferResponse.newBuilder()
                .setErrorMessage(String.valueOf(failure.getStatus().getDescription()))
                .setInferResponse(ModelInferResponse.newBuilder().setId(request.getId()))
                .build());
    }

    private void send(ModelStreamInferResponse response) {
        client.onNext(response);
        GrpcCalls.answered(context);
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
