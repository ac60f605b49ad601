/** Experiments, runs, metrics, artifacts, model versions, aliases, lineage and the event record. */
@NullMarked
package dev.millwright.registry;

import org.jspecify.annotations.NullMarked;
