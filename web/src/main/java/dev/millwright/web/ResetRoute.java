package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import java.util.Optional;

/**
 * Empties a server that keeps nothing, so that each test of a user's code can begin with none of the last one's runs. It
 * asks for no token, since nothing that matters can be there; pages of other origins are kept out as everywhere.
 */
final class ResetRoute {
    private ResetRoute() {}

    private record Done(boolean reset) {}

    static void add(Routes routes, Optional<Runnable> reset) {
        Operation operation =
                Operation.answers(Topic.SERVER, "Empties a server that keeps nothing, between tests", Done.class);
        routes.post("/api/v1/reset", operation, call -> {
            reset.orElseThrow(() -> new MillwrightException(
                            WebError.NO_SUCH_THING,
                            "reset: this server keeps what it is sent (expected: one that was started with"
                                    + " --ephemeral). Nothing was deleted"))
                    .run();
            return Json.respond(new Done(true));
        });
    }
}
