package dev.millwright.registry;

/** What may be done with a model version. */
public enum ModelVersionStatus {
    /** It may serve, once its parity replay passes. */
    READY,
    /** A gate or the parity replay refused it; it is kept as evidence. */
    REFUSED,
    /** Gone from lists; its number is never given again. */
    DELETED
}
