package dev.millwright.pipelines;

import dev.millwright.registry.Endpoint;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Rollout;
import dev.millwright.registry.RolloutStatus;
import dev.millwright.registry.RouteChange;
import dev.millwright.registry.Served;
import dev.millwright.serving.rollout.AbTest;
import dev.millwright.serving.rollout.Bandit;
import dev.millwright.serving.rollout.BlueGreen;
import dev.millwright.serving.rollout.Canary;
import dev.millwright.serving.rollout.Conditions;
import dev.millwright.serving.rollout.RolloutDecision;
import dev.millwright.serving.rollout.RolloutFigures;
import dev.millwright.serving.rollout.RolloutListener;
import dev.millwright.serving.rollout.RolloutState;
import dev.millwright.serving.rollout.Shadow;
import dev.millwright.serving.rollout.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts what rollouts decide into the registry: what serves, the state to go on with after a restart, and the event with its figures. */
final class RolloutRecord implements RolloutListener {
    private final Registry registry;

    RolloutRecord(Registry registry) {
        this.registry = registry;
    }

    @Override
    public void decided(RolloutDecision decision) {
        switch (decision) {
            case RolloutDecision.Start start ->
                store(
                        decision,
                        switch (start.state().strategy()) {
                            case Canary _ -> RouteChange.CANARY_STARTED;
                            case Shadow _ -> RouteChange.SHADOW_STARTED;
                            case BlueGreen _, AbTest _, Bandit _, Conditions _ -> RouteChange.ROLLOUT_STARTED;
                        },
                        underWay(start.state(), start.reason()));
            case RolloutDecision.Advance advance ->
                store(
                        decision,
                        status(advance.state()) == RolloutStatus.CANARY
                                ? RouteChange.CANARY_ADVANCED
                                : RouteChange.ROLLOUT_ADVANCED,
                        underWay(advance.state(), advance.reason()));
            case RolloutDecision.Pause pause ->
                store(decision, RouteChange.PAUSED, underWay(pause.state(), pause.reason()));
            case RolloutDecision.Resume resume ->
                store(decision, RouteChange.RESUMED, underWay(resume.state(), resume.reason()));
            case RolloutDecision.Finish finish -> {
                store(decision, RouteChange.PROMOTED, Rollout.steady(finish.version(), finish.reason()));
                registry.models().setAlias(finish.model(), Deployments.CHAMPION, finish.version());
            }
            case RolloutDecision.RollBack back -> {
                store(decision, RouteChange.ROLLED_BACK, Rollout.steady(back.to(), back.reason()));
                registry.models().setAlias(back.model(), Deployments.CHAMPION, back.to());
            }
        }
    }

    private void store(RolloutDecision decision, RouteChange change, Rollout next) {
        Endpoint current = registry.endpoints().load(decision.endpoint());
        Optional<String> figures = decision.figures().equals(RolloutFigures.NONE)
                ? Optional.empty()
                : Optional.of(RolloutJson.write(decision.figures()));
        registry.endpoints().setRoute(current, change, next, figures);
    }

    private static Rollout underWay(RolloutState state, String reason) {
        Split split = state.strategy().split(state);
        List<Served> served = new ArrayList<>();
        split.shadow()
                .ifPresent(version ->
                        served.add(Served.shadow(version, split.assignment().mirrored() * 100)));
        split.weights().forEach((version, weight) -> served.add(Served.live(version, weight * 100)));
        return new Rollout(status(state), served, state.stage(), RolloutJson.write(state), reason);
    }

    private static RolloutStatus status(RolloutState state) {
        if (state.isPaused()) {
            return RolloutStatus.PAUSED;
        }
        return switch (state.strategy()) {
            case Canary _ -> RolloutStatus.CANARY;
            case BlueGreen _ -> RolloutStatus.BLUE_GREEN;
            case Shadow _ -> state.stage() == 0 ? RolloutStatus.SHADOW : RolloutStatus.CANARY;
            case AbTest _ -> RolloutStatus.AB;
            case Bandit _ -> RolloutStatus.BANDIT;
            case Conditions _ -> RolloutStatus.CONDITIONS;
        };
    }
}
