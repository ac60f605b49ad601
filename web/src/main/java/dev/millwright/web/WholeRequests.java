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
 * Answers requests, once they have arrived in full, with answers that are whole, and says so: head and body then go out together. Not
 * for answers that are sent piece by piece: they would be collected first.
 */
final class WholeRequests implements HttpService {
    private final BiFunction<ServiceRequestContext, AggregatedHttpRequest, CompletableFuture<HttpResponse>> answering;

    /** {@code answering} is called on the event loop. */
    WholeRequests(BiFunction<ServiceRequestContext, AggregatedHttpRequest, CompletableFuture<HttpResponse>> answering) {
        this.answering = answering;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        return HttpResponse.of(request.aggregate().thenCompose(whole -> answering.apply(context, whole)));
    }

    @Override
    public ExchangeType exchangeType(RoutingContext routing) {
        // A request of which nothing but its head has come can so be answered, too: by a timeout, for instance.
        return ExchangeType.REQUEST_STREAMING;
    }
}
