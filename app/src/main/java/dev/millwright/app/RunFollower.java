package dev.millwright.app;

import dev.millwright.pipelines.PipelineRuns;
import dev.millwright.pipelines.RunSummary;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RunStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Follows a run to its end, whoever does its work. When the process that did it is gone and no other comes in its place, this
 * one takes the home and goes on from the last finished step.
 */
final class RunFollower {
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** Long enough for a supervisor to start the server again, which could not if the home were taken. */
    private static final Duration SUCCESSION = Duration.ofSeconds(10);

    private final Path home;
    private final Terminal terminal;
    private final RunView view;

    RunFollower(Path home, Terminal terminal, RunView view) {
        this.home = home;
        this.terminal = terminal;
        this.view = view;
    }

    /** What following one owner came to. */
    private sealed interface Followed {
        record Ended(RunSummary summary) implements Followed {}

        /** The owner does not do the run, or not yet. */
        record NotYet() implements Followed {}

        /** The owner ends, or is dead. */
        record Gone() implements Followed {}
    }

    /** What the run came to. */
    RunSummary follow(OwnerInfo first, String run) throws InterruptedException {
        OwnerInfo owner = first;
        while (true) {
            switch (from(owner, run)) {
                case Followed.Ended(RunSummary summary) -> {
                    return summary;
                }
                case Followed.NotYet() -> TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                case Followed.Gone() -> awaitSuccessor(owner);
            }
            switch (HomeDoor.enter(home)) {
                case HomeDoor.Free(HomeLock lock) -> {
                    return here(lock, run);
                }
                case HomeDoor.Held(OwnerInfo successor) -> owner = successor;
            }
        }
    }

    /** Gives a new server time to take the home of an owner that is gone. */
    private void awaitSuccessor(OwnerInfo last) throws InterruptedException {
        terminal.err()
                .println(terminal.dim("process " + last.pid() + " is gone; unless a server takes the home within "
                        + SUCCESSION.toSeconds() + " s, the run goes on here"));
        long deadline = System.nanoTime() + SUCCESSION.toNanos();
        while (System.nanoTime() < deadline
                && OwnerInfo.find(home).filter(owner -> !owner.equals(last)).isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private Followed from(OwnerInfo owner, String run) {
        OwnerClient client = new OwnerClient(owner);
        try {
            Optional<RunSummary> ended;
            RunStatus status;
            try (Registry registry =
                    Registry.openReadOnly(home, DatabaseSetting.ofEnvironment(), InstantSource.system())) {
                ended = PipelineRuns.findSummary(registry, run);
                status = registry.runs().load(run).status();
            }
            if (ended.isPresent()) {
                return new Followed.Ended(ended.get());
            }
            if (status == RunStatus.INTERRUPTED) {
                client.resume(Optional.of(run));
            }
            Optional<RunSummary> summary = client.follow(run, view);
            if (summary.isEmpty()) {
                return new Followed.NotYet();
            }
            return isInterrupted(summary.get()) ? new Followed.Gone() : new Followed.Ended(summary.get());
        } catch (OwnerClient.OwnerGone gone) {
            return new Followed.Gone();
        }
    }

    private RunSummary here(HomeLock lock, String run) throws InterruptedException {
        try (OrderlyEnd end = new OrderlyEnd();
                OwnedHome owned = OwnedHome.open(lock, 0, InstantSource.system())) {
            end.stop(owned.desk());
            Optional<RunSummary> ended = PipelineRuns.findSummary(owned.registry(), run);
            if (ended.isPresent()) {
                return ended.get();
            }
            terminal.err().println(terminal.dim("going on with the run here"));
            return owned.desk().resume(Optional.of(run), view).outcome().get().summary();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the run could not be followed to its end", failed.getCause());
        }
    }

    private static boolean isInterrupted(RunSummary summary) {
        return summary.status().equals("interrupted");
    }
}
