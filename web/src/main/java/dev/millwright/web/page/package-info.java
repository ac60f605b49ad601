/**
 * What each page shows, as plain records, and how numbers and times are written. The templates of the same names are
 * under {@code src/main/jte}; they hold no logic beyond loops and conditions.
 *
 * <p>Start reading at {@link dev.millwright.web.page.PageHead} and {@link dev.millwright.web.page.OverviewPage}.
 */
@NullMarked
package dev.millwright.web.page;

import org.jspecify.annotations.NullMarked;
