package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.RolloutDesk;
import dev.millwright.pipelines.RolloutDesk.Steering;
import dev.millwright.pipelines.RolloutView;
import dev.millwright.web.ControlRoutes.Reason;
import java.util.Locale;

/** Rollouts under way: how they stand, and what a person may do to them. */
final class RolloutRoutes {
    private static final String ROLLOUT = "/api/v1/endpoints/{endpoint}/rollout";

    private final RolloutDesk rollouts;

    private RolloutRoutes(RolloutDesk rollouts) {
        this.rollouts = rollouts;
    }

    static void add(Routes routes, RolloutDesk rollouts) {
        RolloutRoutes handlers = new RolloutRoutes(rollouts);
        routes.get(
                ROLLOUT,
                Operation.answers(Topic.ENDPOINTS, "The rollout under way, with what is known", RolloutView.class),
                call -> Json.respond(rollouts.loadView(call.path("endpoint"))));
        handlers.add(routes, Steering.PAUSE, "Stops a rollout where it is");
        handlers.add(routes, Steering.RESUME, "Goes on with a paused rollout");
        handlers.add(routes, Steering.PROMOTE, "Ends a rollout with the new version for all requests");
        handlers.add(routes, Steering.STOP, "Ends a rollout with the version that served before");
    }

    private void add(Routes routes, Steering steering, String summary) {
        routes.post(
                ROLLOUT + "/" + steering.name().toLowerCase(Locale.ROOT),
                Operation.answers(Topic.ENDPOINTS, summary, Steered.class).takes(Reason.class),
                call -> steer(call, steering));
    }

    /** How the endpoint is served now. */
    private record Steered(String endpoint, String status, String reason) {}

    /** Throws {@link MillwrightException} when nothing is under way. */
    private HttpResponse steer(Call call, Steering steering) {
        RolloutDesk.Standing standing = rollouts.steer(call.path("endpoint"), steering, ControlRoutes.reason(call));
        return Json.respond(new Steered(call.path("endpoint"), standing.status(), standing.reason()));
    }
}
