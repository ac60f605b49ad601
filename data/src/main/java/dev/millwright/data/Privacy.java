package dev.millwright.data;

/** Whether a column tells of a person. */
public enum Privacy {
    ORDINARY,
    PERSONAL
}
