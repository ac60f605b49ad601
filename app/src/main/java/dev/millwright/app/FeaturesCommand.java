package dev.millwright.app;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands about feature views: {@code millwright features VERB …}. */
@Command(
        name = "features",
        mixinStandardHelpOptions = true,
        subcommands = FeaturesVerifyCommand.class,
        description = "Feature views.",
        footer = {"", "Examples:", "  millwright features verify", "  millwright features verify departures --json"})
final class FeaturesCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    FeaturesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        new CommandLine(spec).usage(terminal.out());
        return ExitCode.DONE.number();
    }
}
