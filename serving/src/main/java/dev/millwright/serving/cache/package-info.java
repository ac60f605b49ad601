/**
 * Answers that are kept, so that an input which comes again needn't be put to the model again. Start reading at
 * {@link dev.millwright.serving.cache.ResultCache}.
 */
@NullMarked
package dev.millwright.serving.cache;

import org.jspecify.annotations.NullMarked;
