package dev.millwright.app;

import dev.millwright.pipelines.datasets.DatasetChanges.Tagged;
import dev.millwright.pipelines.datasets.DatasetChanges.Taken;
import dev.millwright.registry.DatasetReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a version of a dataset a name. */
@Command(
        name = "tag",
        mixinStandardHelpOptions = true,
        description = {
            "Give a version of a dataset a name, by which pipelines, commands and other readers of the table find it.",
            "A version that has a tag does not expire."
        },
        footer = {
            "",
            "Examples:",
            "  millwright data tag customers@v3 audited",
            "  millwright data tag customers audited --move     to the newest version",
            "  millwright data show customers@audited"
        })
final class DataTagCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(index = "0", paramLabel = "DATASET[@VERSION]", description = "The version; the newest if left out.")
    private String version = "";

    @Parameters(index = "1", paramLabel = "TAG", description = "A letter, then letters, digits, '.', '_' or '-'.")
    private String tag = "";

    @Option(names = "--move", description = "Also when the tag is on another version.")
    private boolean move;

    DataTagCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        DatasetReference reference = DatasetReference.parse(version);
        Tagged tagged = HomeDatasets.change(
                options.home(), datasets -> datasets.tag(reference, tag, move ? Taken.MOVE : Taken.REFUSE));
        if (options.json()) {
            terminal.out().println(Json.pretty(tagged));
        } else {
            terminal.out()
                    .println(tagged.dataset() + "@" + tagged.tag() + " is v" + tagged.version()
                            + tagged.before()
                                    .map(before -> "; it was v" + before)
                                    .orElse(""));
        }
        return ExitCode.DONE.number();
    }
}
