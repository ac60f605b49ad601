/** Turns a pipeline file into durable steps, runs, gates and triggers. */
@NullMarked
package dev.millwright.pipelines;

import org.jspecify.annotations.NullMarked;
