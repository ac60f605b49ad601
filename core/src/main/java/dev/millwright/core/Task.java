package dev.millwright.core;

import java.util.Locale;

/** What a model predicts. */
public enum Task {
    BINARY,
    MULTICLASS,
    REGRESSION;

    public boolean isClassification() {
        return this != REGRESSION;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
