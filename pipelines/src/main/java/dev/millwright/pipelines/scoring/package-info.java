/**
 * Scores files of feature rows with what serves an endpoint: part by part, so that it goes on where it was stopped. Start
 * reading at {@link dev.millwright.pipelines.scoring.Scoring}, then {@link dev.millwright.pipelines.scoring.PartsFolder}.
 */
@NullMarked
package dev.millwright.pipelines.scoring;

import org.jspecify.annotations.NullMarked;
