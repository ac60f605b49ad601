/**
 * The assembly and the command line: the only room where everything is visible.
 *
 * <p>Start reading at {@link dev.millwright.app.OwnedHome}, which makes a process out of the rooms, and
 * {@link dev.millwright.app.Main}, which names the commands.
 */
@NullMarked
package dev.millwright.app;

import org.jspecify.annotations.NullMarked;
