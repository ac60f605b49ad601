package dev.millwright.remote;

import com.google.common.base.Throwables;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.ProtocolViolationException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.remote.BackendException;
import dev.millwright.serving.remote.BackendException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for answers, and says what it means when there is none. */
final class Calls {
    /** The connection's own limit should come first: it knows more. */
    private static final long GRACE_MILLIS = 250;

    private Calls() {}

    /** Says what a failure means that only the wire knows. */
    interface Reading {
        BackendException read(Throwable cause, Duration within);
    }

    static <T> T await(Future<T> answer, Duration within, Reading otherwise) throws BackendException {
        try {
            return answer.get(within.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw timedOut(within, late);
        } catch (ExecutionException failed) {
            throw failure(failed.getCause() == null ? failed : failed.getCause(), within, otherwise);
        } catch (InterruptedException stopping) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new MillwrightException(
                    ServingError.RUNTIME_CLOSED, "backend: interrupted while it was asked. Send it again.", stopping);
        }
    }

    private static BackendException failure(Throwable thrown, Duration within, Reading otherwise) {
        List<Throwable> chain = Throwables.getCausalChain(thrown);
        for (Throwable cause : chain) {
            switch (cause) {
                case UnprocessedRequestException unprocessed -> {
                    return new BackendException(
                            Kind.UNPROCESSED,
                            "can't be reached: " + reason(unprocessed) + ". See that it runs",
                            thrown);
                }
                case ResponseTimeoutException _ -> {
                    return timedOut(within, thrown);
                }
                case ContentTooLargeException _ -> {
                    return new BackendException(
                            Kind.NO_ANSWER,
                            "body: longer than " + OpenInferenceClients.LONGEST_ANSWER
                                    + " bytes (expected: at most that many). Ask for less at a time",
                            thrown);
                }
                case ProtocolViolationException _ -> {
                    return new BackendException(
                            Kind.NO_ANSWER,
                            "not HTTP (expected: the Open Inference Protocol): " + reason(cause),
                            thrown);
                }
                default -> {}
            }
        }
        return otherwise.read(thrown, within);
    }

    static BackendException timedOut(Duration within, Throwable cause) {
        return new BackendException(
                Kind.TIMED_OUT, "no answer within " + within.toMillis() + " ms (expected: one in time)", cause);
    }

    static BackendException lost(Throwable cause) {
        return new BackendException(
                Kind.LOST, "the connection was lost before the answer: " + reason(cause) + ". Send it again", cause);
    }

    /** The innermost cause in a few words: that is where networks say what went wrong. */
    private static String reason(Throwable thrown) {
        Throwable root = Throwables.getRootCause(thrown);
        String message = root.getMessage();
        return root.getClass().getSimpleName() + (message == null ? "" : ": " + Words.shortened(message));
    }
}
