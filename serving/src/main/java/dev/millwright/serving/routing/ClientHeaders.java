package dev.millwright.serving.routing;

import org.jspecify.annotations.Nullable;

/** What a client said beside its rows: the headers of HTTP, or the metadata of gRPC. */
@FunctionalInterface
public interface ClientHeaders {
    /** For callers that sent none. */
    ClientHeaders NONE = _ -> null;

    /**
     * The first value.
     *
     * @param name in lower case
     */
    @Nullable
    String find(String name);
}
