package dev.millwright.web;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.core.MillwrightException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that has arrived in full. */
record Call(ServiceRequestContext context, AggregatedHttpRequest request) {

    /** The part of the path that the route calls {@code name}. */
    String path(String name) {
        String value = context.pathParam(name);
        if (value == null) {
            throw new IllegalArgumentException("path: no {" + name + "} in the route of " + context.path());
        }
        return value;
    }

    /** The same as a whole number. */
    int pathNumber(String name) {
        return parse(name, path(name));
    }

    /** The part of the path, where the route has one. */
    Optional<String> findPath(String name) {
        return Optional.ofNullable(context.pathParam(name));
    }

    /** The first value of a query parameter, unless it is blank. */
    Optional<String> query(String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(value -> !value.isBlank());
    }

    List<String> queries(String name) {
        return context.queryParams(name);
    }

    int number(String name, int otherwise) {
        return query(name).map(value -> parse(name, value)).orElse(otherwise);
    }

    /** A whole number that was sent as text. */
    static int parse(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new MillwrightException(WebError.BAD_REQUEST, name + ": " + value + " (expected: a whole number)", e);
        }
    }

    byte[] body() {
        return request.content().array();
    }

    /** The fields of a form that was sent. */
    QueryParams form() {
        return QueryParams.fromQueryString(request.contentUtf8());
    }

    /** Whether htmx asks for a part of a page. */
    boolean wantsPart() {
        @Nullable String header = request.headers().get("hx-request");
        return "true".equals(header);
    }
}
