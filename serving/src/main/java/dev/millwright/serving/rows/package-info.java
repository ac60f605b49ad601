/**
 * Feature rows as people and programs write them, without a network: plain JSON, CSV, and the forms that MLflow's clients send. All
 * of them say what is wrong by row and column. Start reading at {@link dev.millwright.serving.rows.SentRows},
 * {@link dev.millwright.serving.rows.ScoringReader} and {@link dev.millwright.serving.rows.RowCollector}.
 */
@NullMarked
package dev.millwright.serving.rows;

import org.jspecify.annotations.NullMarked;
