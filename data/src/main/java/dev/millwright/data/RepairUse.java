package dev.millwright.data;

/**
 * What became of rows that were repaired by hand when their source was read again.
 *
 * @param taken in the place of the broken ones
 * @param broken that break something by now
 * @param superseded whose row the source has itself
 * @param absent that the version before had, and whose broken row the source doesn't bring any more
 */
public record RepairUse(long taken, long broken, long superseded, long absent) {}
