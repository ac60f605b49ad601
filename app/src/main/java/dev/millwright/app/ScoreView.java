package dev.millwright.app;

import dev.millwright.core.Progress;
import dev.millwright.pipelines.RunEvent;
import dev.millwright.pipelines.scoring.ScoringSummary;
import java.time.InstantSource;
import java.util.Locale;

/** Shows scoring as a run of one step. Thread-safe. */
final class ScoreView implements Progress {
    private final RunView view;
    private final String step;

    ScoreView(Terminal terminal, InstantSource clock, String endpoint) {
        this.view = new RunView(terminal, clock);
        this.step = "score " + endpoint;
        view.on(new RunEvent.StepStarted(step, 1, 1));
    }

    @Override
    public void report(String what, long done, long total) {
        view.on(new RunEvent.StepProgress(step, what, done, total));
    }

    void finish(ScoringSummary summary) {
        String parts = summary.reusedParts() == 0
                ? ""
                : String.format(
                        Locale.ROOT, ", %d of %d parts were there already", summary.reusedParts(), summary.parts());
        view.on(new RunEvent.StepFinished(
                step, summary.seconds(), false, String.format(Locale.ROOT, "%,d rows%s", summary.rows(), parts)));
    }

    void fail() {
        view.on(new RunEvent.StepFailed(step, "stopped"));
    }
}
