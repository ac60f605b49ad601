package dev.millwright.web;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Answers requests that have arrived in full with answers that are whole, and says so, which saves the server much of its work. Not for
 * answers that are sent piece by piece: they would be collected first.
 */
final class WholeRequests implements HttpService {
    private final BiFunction<ServiceRequestContext, AggregatedHttpRequest, HttpResponse> answering;

    /** {@code answering} is called on the event loop. */
    WholeRequests(BiFunction<ServiceRequestContext, AggregatedHttpRequest, HttpResponse> answering) {
        this.answering = answering;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        CompletableFuture<AggregatedHttpRequest> whole = request.aggregate();
        return whole.isDone() && !whole.isCompletedExceptionally()
                ? answering.apply(context, whole.join())
                : HttpResponse.of(whole.thenApply(arrived -> answering.apply(context, arrived)));
    }

    @Override
    public ExchangeType exchangeType(RoutingContext routing) {
        return ExchangeType.UNARY;
    }
}
