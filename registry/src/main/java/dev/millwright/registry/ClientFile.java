package dev.millwright.registry;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that a client keeps.
 *
 * @param file where its bytes are; do not change it
 * @param size in bytes
 * @param sha256 of its bytes, where it is in the store
 */
public record ClientFile(Path file, long size, Optional<String> sha256) {}
