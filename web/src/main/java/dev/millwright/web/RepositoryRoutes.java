package dev.millwright.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.InvalidInputException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The protocol's model repository over REST. */
final class RepositoryRoutes {
    private final ModelRepository repository;

    private RepositoryRoutes(ModelRepository repository) {
        this.repository = repository;
    }

    static void add(Routes routes, ModelRepository repository) {
        RepositoryRoutes handlers = new RepositoryRoutes(repository);
        routes.post("/v2/repository/index", handlers::index);
        routes.post("/v2/repository/models/{model}/load", handlers::load);
        routes.post("/v2/repository/models/{model}/unload", handlers::unload);
    }

    /** Which entries are wanted. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record IndexRequest(@Nullable Boolean ready) {}

    /** What to load, beside the model's name. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record LoadRequest(@Nullable Map<String, Object> parameters) {}

    private HttpResponse index(Call call) {
        boolean ready = call.body().length > 0
                && Boolean.TRUE.equals(
                        Json.read(call.body(), IndexRequest.class).ready());
        return Json.respond(repository.index(ready ? ModelRepository.Wanted.READY : ModelRepository.Wanted.ALL));
    }

    private HttpResponse load(Call call) {
        if (call.body().length > 0) {
            requireNothingElse(Json.read(call.body(), LoadRequest.class).parameters());
        }
        repository.load(call.path("model"));
        return Json.respond(Map.of());
    }

    /** A configuration or files in the request would be ignored without a word. */
    static void requireNothingElse(@Nullable Map<String, ?> parameters) {
        if (parameters != null) {
            parameters.keySet().stream()
                    .filter(name -> name.equals("config") || name.startsWith("file:"))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new InvalidInputException(
                                "parameters." + name
                                        + ": not supported (expected: none). Register the model first: millwright models import FILE");
                    });
        }
    }

    private HttpResponse unload(Call call) {
        repository.unload(call.path("model"));
        return Json.respond(Map.of());
    }
}
