package dev.millwright.app;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands about datasets: {@code millwright data VERB …}. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        subcommands = {
            DataListCommand.class,
            DataShowCommand.class,
            DataDiffCommand.class,
            DataExpectationsCommand.class,
            DataTagCommand.class,
            DataUntagCommand.class,
            DataRollbackCommand.class,
            DataExpireCommand.class,
            DataCompactCommand.class,
            DataProfileCommand.class,
            QuarantineCommand.class,
            DataReplayCommand.class
        },
        description = "Datasets and their versions.",
        footer = {
            "",
            "Examples:",
            "  millwright data list",
            "  millwright data show customers@v3",
            "  millwright data diff customers",
            "  millwright data expectations customers",
            "  millwright data rollback customers@v3",
            "  millwright data profile customers.csv --label churned"
        })
final class DataCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    DataCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        new CommandLine(spec).usage(terminal.out());
        return ExitCode.DONE.number();
    }
}
