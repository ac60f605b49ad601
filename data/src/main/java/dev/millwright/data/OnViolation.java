package dev.millwright.data;

/** What happens to rows that break an expectation, and to tables that do. */
public enum OnViolation {
    /** The row is set aside with its reason. An expectation on the whole table fails, for there is no row to set aside. */
    QUARANTINE,
    /** Nothing is stored. */
    FAIL,
    /** The row stays, and the report counts it. */
    WARN
}
