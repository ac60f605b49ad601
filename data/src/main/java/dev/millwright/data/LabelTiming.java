package dev.millwright.data;

/** Whether the labels of a view are known with their rows. */
public enum LabelTiming {
    AT_ONCE,
    /** Some rows may have none yet. */
    LATER
}
