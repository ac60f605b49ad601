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
    /** The old version is taking over again. */
    ROLLING_BACK,
    /** Stopped where it is, until a person decides. */
    PAUSED
}
