package dev.millwright.serving.protocol;

/** An output that the client asks for, and the form in which it wants it. */
public record RequestedOutput(String name, TensorForm form) {}
