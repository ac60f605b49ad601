/**
 * The events that endpoints took, in files that outlive the process: appended in groups, read again at a start, and given up when no
 * window reaches them any more.
 *
 * <p>Start reading at {@link dev.millwright.pipelines.eventlog.EventLog}.
 */
@NullMarked
package dev.millwright.pipelines.eventlog;

import org.jspecify.annotations.NullMarked;
