/** Holds each window store to the same contract. */
@NullMarked
package dev.millwright.plan.window;

import org.jspecify.annotations.NullMarked;
