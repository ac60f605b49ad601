package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import dev.millwright.web.access.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Answers a request; may block. */
@FunctionalInterface
interface Handler {
    HttpResponse handle(Call call);

    /** This handler as a service: the request is read on the event loop, then handled on {@code threads}. */
    default HttpService on(Executor threads) {
        return (context, request) -> HttpResponse.of(request.aggregate()
                .thenApplyAsync(whole -> Caller.inTheNameOf(context, () -> handle(new Call(context, whole))), threads));
    }

    /** The same for what is asked often: a request that would wait too long for a thread is refused. */
    default HttpService within(ThreadGate threads) {
        return (context, request) -> HttpResponse.of(request.aggregate()
                .thenCompose(whole -> threads.admits()
                        ? threads.supply(
                                () -> Caller.inTheNameOf(context, () -> handle(new Call(context, whole))),
                                Failures::overloaded)
                        : CompletableFuture.completedFuture(Failures.overloaded())));
    }
}
