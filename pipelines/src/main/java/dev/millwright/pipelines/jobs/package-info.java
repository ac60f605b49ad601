/**
 * Requests that are answered later: kept on disk from the moment they are accepted, answered when the endpoint has time, and their
 * answers kept for whoever asked. Start reading at {@link dev.millwright.pipelines.jobs.JobDesk} and
 * {@link dev.millwright.pipelines.jobs.Job}.
 */
@NullMarked
package dev.millwright.pipelines.jobs;

import org.jspecify.annotations.NullMarked;
