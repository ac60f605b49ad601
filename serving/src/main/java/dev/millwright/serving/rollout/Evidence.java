package dev.millwright.serving.rollout;

import dev.millwright.serving.AnswerComparison;
import java.util.Map;

/**
 * What is known about the versions of a rollout.
 *
 * @param requests that the candidate has answered since the stage began
 * @param failed those that it could not answer, or refused alone, or had no room for
 * @param isReady whether the candidate is in memory, and kept there
 * @param comparison with the champion's answers to the same requests, since the rollout began or the process started
 * @param quality on labelled predictions
 * @param rewards sums of scores by version
 */
record Evidence(
        long requests,
        long failed,
        boolean isReady,
        AnswerComparison.Snapshot comparison,
        QualityFigures quality,
        Map<Integer, BestArm.Arm> rewards) {
    Evidence {
        rewards = Map.copyOf(rewards);
    }

    /** How many requests there are, for a decision's reason. */
    String told() {
        return requests == 1 ? "1 request" : requests + " requests";
    }

    /** Whether the candidate was asked, and never gave an answer: then nothing is known that speaks for it. */
    boolean isMute() {
        return requests == 0 && failed > 0;
    }
}
