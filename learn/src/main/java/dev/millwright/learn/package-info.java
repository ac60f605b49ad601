/**
 * Preprocessing, learners, calibration, ONNX export: pure functions from data, parameters and a seed to a model. Usable as
 * a library alone.
 *
 * <p>Start reading at {@link dev.millwright.learn.Learner}, {@link dev.millwright.learn.TrainingData} and
 * {@link dev.millwright.learn.TrainedModel}.
 */
@NullMarked
package dev.millwright.learn;

import org.jspecify.annotations.NullMarked;
