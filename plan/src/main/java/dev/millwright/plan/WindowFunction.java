package dev.millwright.plan;

/**
 * One function of a stage.
 *
 * @param argument the position of its argument among the columns, -1 for COUNT(*)
 */
record WindowFunction(Field field, AggregateFunction function, int argument, Frame frame) {}
