/**
 * The profile of a table as a page for people.
 *
 * <p>Start reading at {@link dev.millwright.pipelines.profile.ProfilePage}.
 */
@NullMarked
package dev.millwright.pipelines.profile;

import org.jspecify.annotations.NullMarked;
