package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import dev.millwright.serving.WouldWaitException;
import dev.millwright.web.access.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Answers a request; may block. */
@FunctionalInterface
interface Handler {
    HttpResponse handle(Call call);

    /** This handler as a service: the request is read on the event loop, then handled on {@code threads}. */
    default HttpService on(Executor threads) {
        return (context, request) -> HttpResponse.of(request.aggregate()
                .thenApplyAsync(whole -> Caller.inTheNameOf(context, () -> handle(new Call(context, whole))), threads));
    }

    /**
     * The same for short requests and answers, both whole: a request that the handler can answer without waiting is answered on the
     * event loop, which spares the way to another thread. Where it would have to wait, the handler says {@link WouldWaitException}
     * there, and is called again on {@code threads}.
     *
     * @param admission called on the event loop
     */
    default HttpService onEventLoopOr(Executor threads, Function<Call, Admission> admission) {
        return new WholeRequests((context, whole) -> {
            Call call = new Call(context, whole);
            Admission admitted = admission.apply(call);
            if (admitted == Admission.REFUSED) {
                return Failures.overloaded();
            }
            if (admitted == Admission.HERE) {
                try {
                    return Caller.inTheNameOf(context, () -> handle(call));
                } catch (WouldWaitException waits) {
                    // Handled below, where it may.
                }
            }
            return HttpResponse.of(
                    CompletableFuture.supplyAsync(() -> Caller.inTheNameOf(context, () -> handle(call)), threads));
        });
    }
}
