package dev.millwright.registry;

/** What an endpoint is doing. */
public enum RolloutStatus {
    /** Created, and nothing serves yet. */
    EMPTY,
    /** One version takes all requests. */
    STEADY,
    /** A new version takes a growing share. */
    CANARY,
    /** A new version sees the requests, but its answers go nowhere. */
    SHADOW,
    /** A new version stands ready, or has taken over with the old one ready to return. */
    BLUE_GREEN,
    /** Two versions answer, each its own clients, until labels say which is better. */
    AB,
    /** Versions get traffic as their rewards are. */
    BANDIT,
    /** What is in a request decides who answers. */
    CONDITIONS,
    /** The old version is taking over again. */
    ROLLING_BACK,
    /** Stopped where it is, until a person decides. */
    PAUSED;

    /** Whether several versions take part. */
    public boolean isRollout() {
        return switch (this) {
            case EMPTY, STEADY -> false;
            case CANARY, SHADOW, BLUE_GREEN, AB, BANDIT, CONDITIONS, ROLLING_BACK, PAUSED -> true;
        };
    }
}
