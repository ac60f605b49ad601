package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.datasets.DatasetChanges.Tagged;
import dev.millwright.registry.DatasetReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a tag off a version of a dataset. */
@Command(
        name = "untag",
        mixinStandardHelpOptions = true,
        description = "Take a tag away; the version stays.",
        footer = {"", "Example:", "  millwright data untag customers@audited"})
final class DataUntagCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "DATASET@TAG", description = "The tag.")
    private String version = "";

    DataUntagCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        DatasetReference reference = DatasetReference.parse(version);
        if (!(reference.choice() instanceof DatasetReference.Choice.Tagged(String tag))) {
            throw new InvalidInputException(
                    "DATASET@TAG: " + version + " (expected: a dataset and a tag, customers@audited).");
        }
        Tagged untagged = HomeDatasets.change(options.home(), datasets -> datasets.untag(reference.dataset(), tag));
        if (options.json()) {
            terminal.out().println(Json.pretty(untagged));
        } else {
            terminal.out().println(untagged.dataset() + "@v" + untagged.version() + " is no longer " + tag);
        }
        return ExitCode.DONE.number();
    }
}
