package dev.millwright.data;

import java.util.Locale;

/** The part of a training set that a row belongs to. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    /** As the column {@code _split} holds it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
