package dev.millwright.serving.protocol;

/**
 * What a model says of one of its inputs or outputs.
 *
 * @param shape its dimensions; -1 is any size
 */
public record TensorMetadata(String name, Datatype datatype, long... shape) {}
