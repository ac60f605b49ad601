/** Model runtimes, batching, routing, rollouts. */
@NullMarked
package dev.millwright.serving;

import org.jspecify.annotations.NullMarked;
