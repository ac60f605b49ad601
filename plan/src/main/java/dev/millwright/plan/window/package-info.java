/**
 * What windows look back on, while events come one at a time: the events of each key in tiles, whose summaries are kept, so that a
 * window is read without going through all that lies in it.
 *
 * <p>Start reading at {@link dev.millwright.plan.window.WindowStore} and {@link dev.millwright.plan.window.TileWindowStore}.
 */
@NullMarked
package dev.millwright.plan.window;

import org.jspecify.annotations.NullMarked;
