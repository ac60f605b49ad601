/** Preprocessing, learners, metrics, calibration, ONNX export; usable as a library alone. */
@NullMarked
package dev.millwright.learn;

import org.jspecify.annotations.NullMarked;
