package dev.millwright.plan;

import java.util.OptionalLong;

/**
 * How much of the past a window needs. With both lengths empty it needs all of it.
 *
 * @param name unique in the view, and the same each time the view is planned
 * @param reachMicros how far back in time events matter
 * @param reachRows how many events back they matter
 */
public record WindowShape(String name, OptionalLong reachMicros, OptionalLong reachRows) {}
