/**
 * Changes what versions of datasets are called, which of them there are, and how they lie on disk. Start reading at {@link
 * dev.millwright.pipelines.datasets.DatasetDesk}.
 */
@NullMarked
package dev.millwright.pipelines.datasets;

import org.jspecify.annotations.NullMarked;
