package dev.millwright.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.util.CompositeException;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.core.ErrorKind;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import dev.millwright.serving.ServingError;
import dev.millwright.web.mlflow.MlflowDialect;
import io.netty.handler.codec.compression.DecompressionException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into an answer, once for all routes: JSON for programs, a page for browsers, never a stack trace. */
final class Failures implements ServerErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    /** A queue of requests that can be answered at all is gone by then. */
    private static final int RETRY_AFTER_SECONDS = 1;

    /** What is said when the server has no time for a request. */
    static final String OVERLOADED = "server: more requests than it can answer in time. Send the request again later.";

    private static final ResponseHeaders OVERLOADED_HEADERS = ResponseHeaders.builder(HttpStatus.TOO_MANY_REQUESTS)
            .contentType(MediaType.JSON)
            .setInt(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS)
            .build();
    private static final byte[] OVERLOADED_BODY =
            ("{\"error\":\"" + OVERLOADED + "\"}").getBytes(StandardCharsets.UTF_8);

    private final Templates templates;

    Failures(Templates templates) {
        this.templates = templates;
    }

    /** What a program reads when something went wrong. */
    record ErrorAnswer(String error) {
        /** What came in may hold what can't go out. */
        ErrorAnswer {
            error = Words.wellFormed(error);
        }
    }

    /** The same when it sent something wrong: each mistake by itself, and together as {@code error}. */
    record InvalidAnswer(String error, List<ProblemAnswer> problems) {
        InvalidAnswer {
            error = Words.wellFormed(error);
        }
    }

    /** One mistake, with its place where it is known; line and column count from 1. */
    record ProblemAnswer(String message, Optional<String> file, Optional<Integer> line, Optional<Integer> column) {
        static ProblemAnswer of(Problem problem) {
            return new ProblemAnswer(
                    Words.wellFormed(problem.message()),
                    problem.where().map(Problem.Position::file),
                    problem.where().map(Problem.Position::line),
                    problem.where().map(Problem.Position::column));
        }
    }

    static HttpStatus status(ErrorKind kind) {
        return switch (kind) {
            case USER -> HttpStatus.BAD_REQUEST;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case CONFLICT -> HttpStatus.CONFLICT;
            case DATA_REFUSED, GATE_REFUSED -> HttpStatus.UNPROCESSABLE_ENTITY;
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
            case RESOURCE -> HttpStatus.INSUFFICIENT_STORAGE;
            case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    /** The status with which something known is answered that went wrong. */
    static HttpStatus status(MillwrightException known) {
        if (known.code() instanceof ServingError serving) {
            switch (serving) {
                case OVERLOADED -> {
                    return HttpStatus.TOO_MANY_REQUESTS;
                }
                case BACKEND_FAILED -> {
                    return HttpStatus.BAD_GATEWAY;
                }
                case DEADLINE_PASSED, BACKEND_TIMED_OUT -> {
                    return HttpStatus.GATEWAY_TIMEOUT;
                }
                default -> {}
            }
        }
        return status(known.code().kind());
    }

    /** What a program reads of it. */
    static Object document(MillwrightException known) {
        String message = String.valueOf(known.getMessage());
        return known instanceof InvalidInputException invalid
                ? new InvalidAnswer(
                        message,
                        invalid.problems().stream().map(ProblemAnswer::of).toList())
                : new ErrorAnswer(message);
    }

    @Override
    public @Nullable HttpResponse onServiceException(ServiceRequestContext context, Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        return switch (cause) {
            case MillwrightException known
            when known.code().kind() != ErrorKind.INTERNAL ->
                answer(context, status(known), String.valueOf(known.getMessage()), document(known));
            case ContentTooLargeException _ -> tooLong(context);
            case HttpStatusException status
            when status.httpStatus().equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE) -> tooLong(context);
            case RequestTimeoutException _
            when !context.log().isAvailable(RequestLogProperty.REQUEST_END_TIME) ->
                answer(
                        context,
                        HttpStatus.REQUEST_TIMEOUT,
                        "body: not here within " + context.requestTimeoutMillis()
                                + " ms (expected: all of it). Send it faster, or in parts");
            case RequestTimeoutException _ ->
                answer(
                        context,
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "timeout: no answer within " + context.requestTimeoutMillis() + " ms. Try again");
            case HttpStatusException status ->
                answer(context, status.httpStatus(), status.httpStatus().reasonPhrase());
            case HttpResponseException _ -> null;
            case ClosedSessionException _ ->
                answer(context, HttpStatus.BAD_REQUEST, "body: ended early (expected: as much as was announced)");
            case CompositeException several
            when isNotDecoded(several) ->
                answer(
                        context,
                        HttpStatus.BAD_REQUEST,
                        "Content-Encoding: "
                                + Words.shortened(context.request().headers().get("content-encoding", ""))
                                + " is not what the body has (expected: gzip or deflate, or no such header)");
            default -> unexpected(context, cause);
        };
    }

    private static boolean isNotDecoded(CompositeException several) {
        return several.getExceptions().stream()
                .map(Failures::unwrapped)
                .anyMatch(each -> each instanceof DecompressionException);
    }

    /** Made once, for when there is least time. */
    static HttpResponse overloaded() {
        return HttpResponse.of(OVERLOADED_HEADERS, HttpData.wrap(OVERLOADED_BODY));
    }

    private HttpResponse tooLong(ServiceRequestContext context) {
        return answer(context, HttpStatus.REQUEST_ENTITY_TOO_LARGE, tooLong(context.maxRequestLength()));
    }

    private static String tooLong(long limit) {
        return "body: longer than " + limit + " bytes. Send it in parts";
    }

    private HttpResponse unexpected(ServiceRequestContext context, Throwable cause) {
        LOG.error("{} {} failed", context.method(), context.path(), cause);
        return answer(
                context,
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Something went wrong inside Millwright (request "
                        + context.id().shortText() + "); the server's log says what");
    }

    /** What Armeria answers where no service was reached: unknown path, wrong method, too long a body. */
    @Override
    public @Nullable AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext context,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        String message = switch (status.code()) {
            case 404 ->
                (headers == null ? "This address" : headers.path()) + ": nothing is here. Start from / or see /api/v1";
            case 405 ->
                (headers == null ? "This method" : headers.method() + " " + headers.path())
                        + ": not possible with this method";
            case 413 -> tooLong(config.maxRequestLength());
            default -> description == null ? status.reasonPhrase() : description;
        };
        if (headers == null) {
            return MlflowDialect.refusalToAnybody(
                    status,
                    status.equals(HttpStatus.BAD_REQUEST)
                            ? "request: " + message + " (expected: well-formed HTTP, with no '..' in the path and no"
                                    + " control character in the address)"
                            : message);
        }
        if (MlflowDialect.speaksAt(headers.path())) {
            return MlflowDialect.refusal(status, message);
        }
        byte[] body = body(headers, status, message, new ErrorAnswer(message));
        ResponseHeaders responseHeaders = ResponseHeaders.builder(status)
                .contentType(wantsPage(headers) ? Templates.HTML : MediaType.JSON)
                .build();
        return AggregatedHttpResponse.of(responseHeaders, HttpData.wrap(body));
    }

    private HttpResponse answer(ServiceRequestContext context, HttpStatus status, String message) {
        return answer(context, status, message, new ErrorAnswer(message));
    }

    private HttpResponse answer(ServiceRequestContext context, HttpStatus status, String message, Object document) {
        if (MlflowDialect.speaksAt(context.path())) {
            return MlflowDialect.refusal(status, message).toHttpResponse();
        }
        RequestHeaders headers = context.request().headers();
        byte[] body = body(headers, status, message, document);
        ResponseHeadersBuilder answer =
                ResponseHeaders.builder(status).contentType(wantsPage(headers) ? Templates.HTML : MediaType.JSON);
        if (status.equals(HttpStatus.TOO_MANY_REQUESTS)) {
            answer.setInt(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (status.equals(HttpStatus.REQUEST_TIMEOUT)) {
            // Whoever is slow with a body may be so for ever.
            answer.set(HttpHeaderNames.CONNECTION, "close");
        }
        return HttpResponse.of(answer.build(), HttpData.wrap(body));
    }

    private byte[] body(@Nullable RequestHeaders headers, HttpStatus status, String message, Object document) {
        if (wantsPage(headers)) {
            return templates.failure(status.code(), status.reasonPhrase(), message);
        }
        try {
            return Json.MAPPER.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write an error", e);
        }
    }

    /** Refusal at the door: a browser that is not logged in is shown where to, everybody else reads why. */
    HttpResponse refuse(ServiceRequestContext context, HttpStatus status, String message) {
        LOG.info("{} {} refused: {}", context.method(), context.path(), message);
        RequestHeaders headers = context.request().headers();
        if (MlflowDialect.speaksAt(context.path())) {
            return MlflowDialect.refusal(status, message).toHttpResponse();
        }
        if (status.equals(HttpStatus.UNAUTHORIZED) && wantsPage(headers)) {
            return LoginPages.redirect(LoginPages.address(headers.method() == HttpMethod.GET ? headers.path() : "/"));
        }
        // What the guard keeps out gets no page, so that nothing of one is given away.
        return Json.respond(status, new ErrorAnswer(message));
    }

    private static boolean wantsPage(@Nullable RequestHeaders headers) {
        return headers != null && headers.get("accept", "").contains("text/html");
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
