package dev.millwright.serving.protocol;

/** How the elements of an output are sent. */
public enum TensorForm {
    /** Within the JSON. */
    JSON,
    /** After the JSON, as the binary tensor extension says. */
    BINARY
}
