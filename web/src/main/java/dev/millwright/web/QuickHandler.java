package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import dev.millwright.serving.Patience;
import dev.millwright.serving.Round;
import dev.millwright.serving.WouldWaitException;
import dev.millwright.web.access.Caller;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers a short request with an answer that is whole, on the event loop where it can: that spares the way to another thread. */
@FunctionalInterface
interface QuickHandler {
    /**
     * The answer; there already where it may wait.
     *
     * @throws WouldWaitException where it would have to wait, and may not: it is called again on a thread that may
     */
    CompletableFuture<HttpResponse> handle(Call call, Patience patience);

    /**
     * This handler as a service.
     *
     * @param admission asked on the event loop: for a request's patience, which is none where it is to be refused
     */
    default HttpService on(ThreadGate threads, Function<Call, Optional<Patience>> admission) {
        return new WholeRequests((context, whole) -> {
            Call call = new Call(context, whole);
            Optional<Patience> admitted = admission.apply(call);
            if (admitted.isEmpty()) {
                return CompletableFuture.completedFuture(Failures.overloaded());
            }
            if (admitted.get() instanceof Round round) {
                try {
                    return Caller.inTheNameOf(context, () -> handle(call, round));
                } catch (WouldWaitException waits) {
                    // Handled below, where it may.
                }
            }
            return threads.supply(
                    () -> Caller.inTheNameOf(
                            context, () -> handle(call, Patience.WAITS).join()),
                    Failures::overloaded);
        });
    }
}
