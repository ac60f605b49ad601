/**
 * Runs a shell command and everything that it starts as one thing: watched, limited, and ended as a whole. Start reading at
 * {@link dev.millwright.pipelines.process.ShellProcess}, then {@link dev.millwright.pipelines.process.ProcessTree}.
 */
@NullMarked
package dev.millwright.pipelines.process;

import org.jspecify.annotations.NullMarked;
