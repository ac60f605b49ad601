package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.Actor;
import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.ModelConnection;
import dev.millwright.serving.remote.RemoteTarget;
import dev.millwright.serving.remote.Retries;
import dev.millwright.serving.remote.Secret;
import dev.millwright.serving.remote.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Connects models on other servers. Whoever may do that may have this server call any address that it reaches. */
final class ConnectionRoutes {
    private final ModelConnection connection;

    private ConnectionRoutes(ModelConnection connection) {
        this.connection = connection;
    }

    static void add(Routes routes, ModelConnection connection) {
        routes.post(
                "/api/v1/models/connect",
                Operation.answers(
                                Topic.MODELS,
                                "Registers a model that other servers answer for",
                                ModelConnection.Connected.class)
                        .takes(Wanted.class),
                new ConnectionRoutes(connection)::connect);
    }

    /**
     * A model on other servers.
     *
     * @param name of the model here
     * @param urls of the servers
     * @param model its name there; the same when none is said
     * @param wire {@code rest} or {@code grpc}
     * @param retries {@code always} or {@code unprocessed}
     * @param calls that may be under way at a time
     */
    record Wanted(
            @Nullable String name,
            @Nullable List<String> urls,
            @Nullable String model,
            @Nullable String version,
            @Nullable String wire,
            @Nullable Long timeoutMs,
            @Nullable String retries,
            @Nullable Integer calls,
            @Nullable String tokenVariable,
            @Nullable String tokenFile) {}

    private HttpResponse connect(Call call) {
        Wanted wanted = Json.read(call.body(), Wanted.class);
        if (wanted.name() == null || wanted.urls() == null) {
            throw new InvalidInputException("body: (expected: name, and urls as a list)");
        }
        RemoteTarget target = new RemoteTarget(
                wanted.urls().stream().map(RemoteTarget::backend).toList(),
                wanted.model() == null ? wanted.name() : wanted.model(),
                Optional.ofNullable(wanted.version()),
                constant(Wire.class, "wire", wanted.wire(), Wire.REST),
                wanted.timeoutMs() == null ? RemoteTarget.TIMEOUT : Duration.ofMillis(wanted.timeoutMs()),
                Secret.of(Optional.ofNullable(wanted.tokenVariable()), Optional.ofNullable(wanted.tokenFile())),
                constant(Retries.class, "retries", wanted.retries(), Retries.ALWAYS),
                wanted.calls() == null ? RemoteTarget.CALLS : wanted.calls());
        return Json.respond(
                connection.connect(wanted.name(), target, Actor.current().orElse("")));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String field, @Nullable String word, E otherwise) {
        if (word == null) {
            return otherwise;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
                return constant;
            }
        }
        throw new InvalidInputException(field + ": " + word + " (expected: "
                + String.join(
                        " or ",
                        List.of(type.getEnumConstants()).stream()
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .toList())
                + ")");
    }
}
