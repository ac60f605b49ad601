package dev.millwright.evaluation;

/**
 * A point of a curve over decision thresholds.
 *
 * @param threshold rows with at least this score are taken as positive at this point; infinity where none is
 */
public record CurvePoint(double x, double y, double threshold) {}
