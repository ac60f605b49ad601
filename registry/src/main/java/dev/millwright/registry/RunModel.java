package dev.millwright.registry;

/**
 * A logged model that a run took in or made.
 *
 * @param step of the run at which it was made; 0 for one that was taken in
 */
public record RunModel(String modelId, Role role, long step) {
    /** Which way it went. */
    public enum Role {
        INPUT,
        OUTPUT
    }
}
