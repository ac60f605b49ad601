/**
 * What a table is like before anybody trains on it: distributions, missing patterns, associations, duplicates, time coverage,
 * outliers, and columns that give the label away.
 *
 * <p>What needs all rows is asked of DuckDB; what needs pairs of columns or predictions is computed on a sample that the profile
 * states.
 *
 * <p>Start reading at {@link dev.millwright.data.profile.DataProfiler}, {@link dev.millwright.data.profile.DataProfile} and
 * {@link dev.millwright.data.profile.LeakageStudy}.
 */
@NullMarked
package dev.millwright.data.profile;

import org.jspecify.annotations.NullMarked;
