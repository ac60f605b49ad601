package dev.millwright.serving;

import java.time.Instant;

/** What a row is about and as of when: the other name by which feedback can find a prediction. */
public record RowKey(String entity, Instant timestamp) {}
