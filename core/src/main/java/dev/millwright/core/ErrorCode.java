package dev.millwright.core;

/** A stable name for a kind of failure. Each room implements this with one enum. */
public interface ErrorCode {
    String name();

    ErrorKind kind();
}
