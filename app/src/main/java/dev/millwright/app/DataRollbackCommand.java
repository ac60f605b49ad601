package dev.millwright.app;

import dev.millwright.pipelines.datasets.DatasetChanges.Restored;
import dev.millwright.registry.DatasetReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the rows of an earlier version of a dataset the newest ones. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Make the rows of an earlier version the newest ones. Nothing is lost: it is a new version with the old rows. Runs read",
            "it, also when they find the source as it was for a version that was rolled back, until the source changes."
        },
        footer = {
            "",
            "Examples:",
            "  millwright data rollback customers@v3 --reason 'half of the rows were missing'",
            "  millwright data rollback customers@v5             take back what was rolled back"
        })
final class DataRollbackCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "DATASET@VERSION", description = "The version to go back to.")
    private String version = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "by hand",
            description = "Why, for the record (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    DataRollbackCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        DatasetReference reference = DatasetReference.parse(version);
        Restored done = HomeDatasets.change(options.home(), datasets -> datasets.rollBack(reference, reason));
        if (options.json()) {
            terminal.out().println(Json.pretty(done));
        } else {
            String newest = done.dataset() + "@v" + done.version();
            terminal.out()
                    .println(newest + " has the rows of v" + done.restored()
                            + (done.before() == done.version()
                                    ? " already"
                                    : ", in place of those of v" + done.before()));
        }
        return ExitCode.DONE.number();
    }
}
