package dev.millwright.web.mlflow;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.core.ErrorCode;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.ParamConflictException;
import dev.millwright.registry.RegistryError;
import dev.millwright.web.access.Caller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the protocol's calls are hung up: each under the prefix of clients and under that of browsers. */
record Surface(ServerBuilder builder, Executor threads) {
    private static final Logger LOG = LoggerFactory.getLogger(Surface.class);
    private static final List<String> PREFIXES = List.of("/api", "/ajax-api");

    /** A call of the protocol; may block. */
    @FunctionalInterface
    interface Handler {
        HttpResponse answer(Call call);
    }

    /** A call that has arrived. */
    record Call(ServiceRequestContext context, Fields fields) {
        String path(String name) {
            String value = context.pathParam(name);
            if (value == null) {
                throw new IllegalArgumentException("path: no {" + name + "} in the route of " + context.path());
            }
            return value;
        }
    }

    void get(String path, Handler handler) {
        add(HttpMethod.GET, path, handler);
    }

    void post(String path, Handler handler) {
        add(HttpMethod.POST, path, handler);
    }

    void patch(String path, Handler handler) {
        add(HttpMethod.PATCH, path, handler);
    }

    void delete(String path, Handler handler) {
        add(HttpMethod.DELETE, path, handler);
    }

    /** Adds a call whose path begins with the version: {@code /2.0/mlflow/…}. */
    private void add(HttpMethod method, String path, Handler handler) {
        raw(
                method,
                path,
                (context, request) -> HttpResponse.of(
                        request.aggregate().thenApplyAsync(whole -> answer(context, whole, handler), threads)));
    }

    /** Adds a service that reads its request by itself. */
    void raw(HttpMethod method, String path, HttpService service) {
        for (String prefix : PREFIXES) {
            builder.service(Route.builder().methods(method).path(prefix + path).build(), service);
        }
    }

    /** Adds a service whose requests may be as long, and take as long, as they like. */
    void unbounded(HttpMethod method, String path, HttpService service) {
        for (String prefix : PREFIXES) {
            builder.route()
                    .methods(method)
                    .path(prefix + path)
                    .maxRequestLength(0)
                    .requestTimeoutMillis(0)
                    .build(service);
        }
    }

    /** Adds a service outside the versioned paths. */
    void rawAtRoot(HttpMethod method, String path, HttpService service) {
        builder.service(Route.builder().methods(method).path(path).build(), service);
    }

    private static HttpResponse answer(ServiceRequestContext context, AggregatedHttpRequest request, Handler handler) {
        return guarded(context, () -> handler.answer(new Call(context, fields(context, request))));
    }

    /** Runs what answers a call on a thread that may block, and turns its failures into the protocol's errors. */
    HttpResponse later(ServiceRequestContext context, Supplier<HttpResponse> answer) {
        return HttpResponse.of(CompletableFuture.supplyAsync(() -> guarded(context, answer), threads));
    }

    private static Fields fields(ServiceRequestContext context, AggregatedHttpRequest request) {
        QueryParams query = context.queryParams();
        boolean fromQuery = request.method() == HttpMethod.GET
                ? !query.isEmpty()
                : request.content().isEmpty();
        return fromQuery
                ? Fields.ofQuery(query)
                : Fields.ofBody(request.content().array());
    }

    private static HttpResponse guarded(ServiceRequestContext context, Supplier<HttpResponse> answer) {
        try {
            return Caller.inTheNameOf(context, answer);
        } catch (Refusal refusal) {
            return Answers.refuse(refusal);
        } catch (ParamConflictException conflict) {
            return Answers.refuse(Refusal.invalid(text(conflict)));
        } catch (MillwrightException known) {
            return Answers.refuse(new Refusal(code(known.code()), String.valueOf(known.getMessage())));
        } catch (CompletionException wrapped) {
            throw wrapped;
        } catch (RuntimeException defect) {
            LOG.error("{} {} failed", context.method(), context.path(), defect);
            return Answers.refuse(new Refusal(Refusal.Code.INTERNAL_ERROR, "unexpected failure: " + defect));
        }
    }

    private static Refusal.Code code(ErrorCode code) {
        if (code == RegistryError.ALREADY_EXISTS) {
            return Refusal.Code.RESOURCE_ALREADY_EXISTS;
        }
        return switch (code.kind()) {
            case USER, DATA_REFUSED, GATE_REFUSED -> Refusal.Code.INVALID_PARAMETER_VALUE;
            case UNAUTHENTICATED -> Refusal.Code.UNAUTHENTICATED;
            case FORBIDDEN -> Refusal.Code.PERMISSION_DENIED;
            case NOT_FOUND -> Refusal.Code.RESOURCE_DOES_NOT_EXIST;
            case CONFLICT -> Refusal.Code.RESOURCE_CONFLICT;
            case UNAVAILABLE, RESOURCE -> Refusal.Code.TEMPORARILY_UNAVAILABLE;
            case INTERNAL -> Refusal.Code.INTERNAL_ERROR;
        };
    }

    /** The words that clients look for. */
    private static String text(ParamConflictException conflict) {
        if (conflict.conflicts().size() == 1) {
            ParamConflictException.Conflict one = conflict.conflicts().getFirst();
            return "Changing param values is not allowed. Param with key='" + one.key()
                    + "' was already logged with value='"
                    + one.kept() + "' for run ID='" + conflict.runId() + "'. Attempted logging new value '" + one.sent()
                    + "'.";
        }
        return "Changing param values is not allowed. Params were already logged='["
                + conflict.conflicts().stream()
                        .map(each -> "{'key': '" + each.key() + "', 'old_value': '" + each.kept() + "', 'new_value': '"
                                + each.sent() + "'}")
                        .collect(Collectors.joining(", "))
                + "]' for run ID='" + conflict.runId() + "'.";
    }
}
