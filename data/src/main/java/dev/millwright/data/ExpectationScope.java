package dev.millwright.data;

import dev.millwright.core.Schema;
import java.time.ZoneId;

/**
 * What expectations on a dataset may name.
 *
 * @param schema of the dataset
 * @param zone of calendar functions and of times without one
 */
public record ExpectationScope(Schema schema, ZoneId zone) {}
