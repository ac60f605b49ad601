package dev.millwright.pipelines;

import dev.millwright.serving.rollout.RollBackRule;
import dev.millwright.serving.rollout.RolloutFigures;
import dev.millwright.serving.rollout.RolloutState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rollout under way, as programs read it.
 *
 * @param strategy as a pipeline file says it
 * @param stage what the stage is called
 * @param stageEnds at the earliest; empty when time doesn't decide
 * @param pausedSince empty while it goes on
 * @param shares of the traffic by version
 * @param rollBackIf as a pipeline file says it
 */
public record RolloutView(
        String endpoint,
        String model,
        String strategy,
        int champion,
        int candidate,
        String stage,
        List<String> stages,
        Instant started,
        Instant stageStarted,
        Optional<Instant> stageEnds,
        Optional<Instant> pausedSince,
        Map<String, Double> shares,
        List<String> rollBackIf,
        RolloutFigures figures) {
    static RolloutView of(RolloutState state, RolloutFigures figures) {
        Map<String, Double> shares = new TreeMap<>();
        state.split().weights().forEach((version, weight) -> shares.put(Integer.toString(version), weight));
        List<String> stages = state.strategy().stages();
        return new RolloutView(
                state.endpoint(),
                state.model(),
                state.strategy().label(),
                state.champion(),
                state.candidate(),
                stages.get(state.stage()),
                stages,
                state.started(),
                state.stageStarted(),
                state.stageEnds(),
                state.pausedSince(),
                shares,
                state.plan().rollBackIf().stream().map(RollBackRule::label).toList(),
                figures);
    }
}
