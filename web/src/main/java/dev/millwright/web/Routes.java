package dev.millwright.web;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.encoding.DecodingService;
import com.linecorp.armeria.server.encoding.EncodingService;
import dev.millwright.serving.Patience;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Adds routes to a server that is being built; handlers run where they may block.
 *
 * @param document collects what they say of themselves
 */
record Routes(ServerBuilder builder, Executor threads, ApiDocument document) {
    private static final int SHORTEST_COMPRESSED = 4096;

    void get(String path, Operation operation, Handler handler) {
        describe(HttpMethod.GET, path, operation);
        get(path, handler);
    }

    void post(String path, Operation operation, Handler handler) {
        describe(HttpMethod.POST, path, operation);
        post(path, handler);
    }

    void put(String path, Operation operation, Handler handler) {
        describe(HttpMethod.PUT, path, operation);
        add(HttpMethod.PUT, path, handler.on(threads));
    }

    void delete(String path, Operation operation, Handler handler) {
        describe(HttpMethod.DELETE, path, operation);
        add(HttpMethod.DELETE, path, handler.on(threads));
    }

    /** A route that is described by itself. */
    void get(String path, Handler handler) {
        add(HttpMethod.GET, path, handler.on(threads));
    }

    /** A route that is described by itself. */
    void post(String path, Handler handler) {
        add(HttpMethod.POST, path, handler.on(threads));
    }

    /**
     * A body that may be compressed (gzip, deflate), and an answer that is when it is long and the client takes that.
     */
    void postCompressed(String path, Operation operation, Handler handler) {
        describe(HttpMethod.POST, path, operation);
        add(HttpMethod.POST, path, compressed(handler.on(threads)));
    }

    /** The same for predictions, of which there may be more than there are threads for. */
    void postCompressed(String path, Operation operation, Handler handler, ThreadGate gate) {
        describe(HttpMethod.POST, path, operation);
        add(HttpMethod.POST, path, compressed(handler.within(gate)));
    }

    /** Predictions, of which there may be more than there are threads for. */
    void post(String path, Operation operation, Handler handler, ThreadGate gate) {
        describe(HttpMethod.POST, path, operation);
        add(HttpMethod.POST, path, handler.within(gate));
    }

    /**
     * A body that may be compressed, for what is asked often and answered quickly, described by itself; see {@link Compression}.
     *
     * @param waiting where a request is handled that may wait
     * @param admission how patient a request may be, if it is let in
     */
    void postQuick(
            String path, QuickHandler handler, ThreadGate waiting, Function<Call, Optional<Patience>> admission) {
        add(HttpMethod.POST, path, decoding(handler.on(waiting, admission)));
    }

    private static HttpService compressed(HttpService service) {
        return decoding(service)
                .decorate(EncodingService.builder()
                        .minBytesToForceChunkedEncoding(SHORTEST_COMPRESSED)
                        .newDecorator());
    }

    /** Takes bodies that are compressed. */
    static HttpService decoding(HttpService service) {
        return service.decorate(BodyBudget::countDecoded).decorate(DecodingService.newDecorator());
    }

    /** Says what a route does that is added elsewhere. */
    void describe(HttpMethod method, String path, Operation operation) {
        document.describe(method, path, operation);
    }

    void add(HttpMethod method, String path, HttpService service) {
        Route route = method == HttpMethod.GET
                ? Route.builder()
                        .methods(HttpMethod.GET, HttpMethod.HEAD)
                        .path(path)
                        .build()
                : Route.builder().methods(method).path(path).build();
        builder.service(route, service);
    }
}
