package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import java.util.List;

/** The rows of text files, one file after the other. For one thread. */
interface TextRows extends AutoCloseable {
    /**
     * Goes to the next row.
     *
     * @return false at the end
     * @throws InvalidInputException naming file and line of a row that is broken
     */
    boolean advance();

    /** The position of the row's file. */
    int file();

    /** Where the row begins, from 1. */
    long line();

    /** Empty where they are missing. */
    List<String> cells();

    /** Of all files so far. */
    long bytesRead();

    @Override
    void close();
}
