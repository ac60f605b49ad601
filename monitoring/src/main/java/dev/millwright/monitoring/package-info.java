/** Prediction log, drift, quality, alerts. */
@NullMarked
package dev.millwright.monitoring;

import org.jspecify.annotations.NullMarked;
