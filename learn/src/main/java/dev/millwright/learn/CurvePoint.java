package dev.millwright.learn;

/**
 * One point of a learning curve.
 *
 * @param step trees or iterations done, from 1
 * @param metric what the values are: {@code log_loss}, {@code rmse}; smaller is better
 * @param train on the rows that were trained on, weighted as they were
 * @param validation on the validation rows, {@code NaN} when there are none
 */
public record CurvePoint(int step, String metric, double train, double validation) {}
