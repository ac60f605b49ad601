package dev.millwright.serving.remote;

/** How a server is spoken to. */
public enum Wire {
    /** REST, with tensors as bytes where the server takes them, else as JSON. */
    REST,
    /** gRPC, with tensors as bytes. */
    GRPC
}
