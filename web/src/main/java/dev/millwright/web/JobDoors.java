package dev.millwright.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.util.Exceptions;
import dev.millwright.core.Actor;
import dev.millwright.core.ErrorKind;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.EventDesk;
import dev.millwright.pipelines.jobs.JobAnswer;
import dev.millwright.pipelines.jobs.JobDoor;
import dev.millwright.pipelines.jobs.JobRequest;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.Patience;
import dev.millwright.serving.Router;
import dev.millwright.web.mlflow.MlflowDialect;
import java.util.Optional;

/** Answers what was sent to be answered later by the doors at which it would have been answered at once. */
final class JobDoors implements JobDoor {
    private final InferenceDesk desk;
    private final Router router;
    private final EventDesk events;

    JobDoors(InferenceDesk desk, Router router, EventDesk events) {
        this.desk = desk;
        this.router = router;
        this.events = events;
    }

    @Override
    public JobAnswer answer(JobRequest request) {
        try {
            return stored(Actor.call(request.user(), () -> respond(request))
                    .aggregate()
                    .join());
        } catch (RuntimeException failure) {
            if (!(Exceptions.peel(failure) instanceof MillwrightException known)) {
                throw failure;
            }
            ErrorKind kind = known.code().kind();
            if (kind == ErrorKind.UNAVAILABLE || kind == ErrorKind.INTERNAL) {
                throw known;
            }
            return refusal(request, known);
        }
    }

    private HttpResponse respond(JobRequest request) {
        return switch (request.door()) {
            case INFER ->
                HttpResponse.of(InferenceRoutes.infer(
                        desk,
                        new InferenceDesk.Asked(
                                request.endpoint(),
                                request.routing().version(),
                                Arrival.unhurried(),
                                Patience.WAITS,
                                request.routing().view()),
                        described(request).build(),
                        request.body()));
            case INVOCATIONS ->
                ScoringRoutes.invoke(router, request.endpoint(), routed(request), Deadline.NONE, request.body());
            case EVENTS ->
                EventRoutes.infer(events, request.endpoint(), routed(request), Deadline.NONE, request.body());
        };
    }

    /** Headers that tell how to read the body; how the answer is to be compressed is for those who fetch it to say. */
    private static RequestHeadersBuilder described(JobRequest request) {
        RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, "/");
        request.contentType().ifPresent(type -> headers.set(HttpHeaderNames.CONTENT_TYPE, type));
        request.jsonLength().ifPresent(length -> headers.set(InferenceRoutes.JSON_LENGTH, length));
        return headers;
    }

    /** The same with those that say who shall answer, for doors that ask headers alone; theirs are not about the answer's form. */
    private static RequestHeaders routed(JobRequest request) {
        RequestHeadersBuilder headers = described(request);
        request.routing().headers().forEach(headers::set);
        request.routing().version().ifPresent(version -> headers.set(VersionPin.NAME, version));
        return headers.build();
    }

    private static JobAnswer stored(AggregatedHttpResponse answer) {
        return new JobAnswer(
                answer.status().code(),
                String.valueOf(answer.contentType()),
                Optional.ofNullable(answer.headers().get(InferenceRoutes.JSON_LENGTH)),
                answer.content().array());
    }

    private static JobAnswer refusal(JobRequest request, MillwrightException known) {
        HttpStatus status = Failures.status(known);
        if (request.door() == JobRequest.Door.INVOCATIONS) {
            return stored(MlflowDialect.refusal(status, String.valueOf(known.getMessage())));
        }
        try {
            return new JobAnswer(
                    status.code(),
                    Operation.JSON,
                    Optional.empty(),
                    Json.MAPPER.writeValueAsBytes(Failures.document(known)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write an error", e);
        }
    }
}
