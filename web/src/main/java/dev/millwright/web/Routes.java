package dev.millwright.web;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import java.util.concurrent.Executor;

/** Adds routes to a server that is being built; handlers run where they may block. */
record Routes(ServerBuilder builder, Executor threads) {

    void get(String path, Handler handler) {
        add(HttpMethod.GET, path, handler.on(threads));
    }

    void post(String path, Handler handler) {
        add(HttpMethod.POST, path, handler.on(threads));
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
