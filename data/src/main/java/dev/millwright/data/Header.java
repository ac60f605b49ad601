package dev.millwright.data;

/** Whether the first row of a delimited file names its columns. */
public enum Header {
    PRESENT,
    ABSENT
}
