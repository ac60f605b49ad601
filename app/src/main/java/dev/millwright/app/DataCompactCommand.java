package dev.millwright.app;

import dev.millwright.pipelines.Text;
import dev.millwright.pipelines.datasets.DatasetChanges.Compacted;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes the newest version of a dataset into fewer files. */
@Command(
        name = "compact",
        mixinStandardHelpOptions = true,
        description = {
            "Write the rows of the newest version into as few files as 'partition_by' and 'sort_by' allow: what was read bit by",
            "bit is read faster then. The version stays the same, with the same rows and ids."
        },
        footer = {"", "Example:", "  millwright data compact customers"})
final class DataCompactCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "DATASET", description = "Its name in the pipeline file.")
    private String dataset = "";

    DataCompactCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Compacted done = HomeDatasets.change(options.home(), datasets -> datasets.compact(dataset));
        if (options.json()) {
            terminal.out().println(Json.pretty(done));
        } else {
            terminal.out()
                    .println(done.dataset() + "@v" + done.version() + " lies in " + Text.count(done.files(), "file")
                            + ", " + Text.bytes(done.bytes())
                            + (done.files() == done.filesBefore() && done.bytes() == done.bytesBefore()
                                    ? " already"
                                    : "; before, in " + Text.number(done.filesBefore()) + ", "
                                            + Text.bytes(done.bytesBefore())));
        }
        return ExitCode.DONE.number();
    }
}
