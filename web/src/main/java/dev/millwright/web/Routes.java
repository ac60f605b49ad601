package dev.millwright.web;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.encoding.DecodingService;
import com.linecorp.armeria.server.encoding.EncodingService;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Adds routes to a server that is being built; handlers run where they may block. */
record Routes(ServerBuilder builder, Executor threads) {
    private static final int SHORTEST_COMPRESSED = 4096;

    void get(String path, Handler handler) {
        add(HttpMethod.GET, path, handler.on(threads));
    }

    void post(String path, Handler handler) {
        add(HttpMethod.POST, path, handler.on(threads));
    }

    /**
     * What is asked often and answered quickly. The body may be compressed (gzip, deflate), and so is the answer when it is long and
     * the client takes that.
     *
     * @param quick which requests can probably be answered without waiting
     */
    void postQuick(String path, Handler handler, Predicate<Call> quick) {
        add(
                HttpMethod.POST,
                path,
                handler.onEventLoopOr(threads, quick)
                        .decorate(DecodingService.newDecorator())
                        .decorate(EncodingService.builder()
                                .minBytesToForceChunkedEncoding(SHORTEST_COMPRESSED)
                                .newDecorator()));
    }

    void put(String path, Handler handler) {
        add(HttpMethod.PUT, path, handler.on(threads));
    }

    void delete(String path, Handler handler) {
        add(HttpMethod.DELETE, path, handler.on(threads));
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
