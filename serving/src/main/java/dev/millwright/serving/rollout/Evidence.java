package dev.millwright.serving.rollout;

import dev.millwright.serving.AnswerComparison;
import java.util.Map;

/**
 * What is known about the versions of a rollout.
 *
 * @param requests that the candidate has answered since the stage began
 * @param comparison with the champion's answers to the same requests, since the rollout began or the process started
 * @param quality on labelled predictions
 * @param rewards sums of scores by version
 */
record Evidence(
        long requests,
        AnswerComparison.Snapshot comparison,
        QualityFigures quality,
        Map<Integer, BestArm.Arm> rewards) {
    Evidence {
        rewards = Map.copyOf(rewards);
    }
}
