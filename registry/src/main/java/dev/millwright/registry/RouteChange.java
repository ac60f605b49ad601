package dev.millwright.registry;

import java.util.Locale;

/** Why an endpoint's route changes; the event is {@code endpoint.} and the name in lower case. */
public enum RouteChange {
    SHADOW_STARTED,
    CANARY_STARTED,
    CANARY_ADVANCED,
    /** Of any other strategy; the status says which. */
    ROLLOUT_STARTED,
    ROLLOUT_ADVANCED,
    PROMOTED,
    ROLLING_BACK,
    ROLLED_BACK,
    /** Nothing serves any more, until it is loaded again. */
    UNLOADED,
    PAUSED,
    RESUMED;

    public String eventType() {
        return "endpoint." + name().toLowerCase(Locale.ROOT);
    }
}
