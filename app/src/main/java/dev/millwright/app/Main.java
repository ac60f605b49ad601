package dev.millwright.app;

import dev.millwright.core.Actor;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code millwright COMMAND …}. */
@Command(
        name = "millwright",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Takes raw data to an endpoint that is watched, retrained and rolled back on its own.",
        footer = {
            "",
            "Start with:",
            "  millwright demo                                  the whole loop, on generated card transactions",
            "  millwright init customers.csv --label churned    a first pipeline file from your own data",
            "  millwright run customers.yaml                    data → trained, gated, deployed model",
            "  millwright server                                serve, watch, retrain"
        })
final class Main {
    private static final Map<String, Class<?>> COMMANDS = commands();

    private Main() {}

    /** By name, in the order of the help text. */
    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("init", InitCommand.class);
        commands.put("run", RunCommand.class);
        commands.put("validate", ValidateCommand.class);
        commands.put("server", ServerCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put("predict", PredictCommand.class);
        commands.put("score", ScoreCommand.class);
        commands.put("deploy", DeployCommand.class);
        commands.put("rollback", RollbackCommand.class);
        commands.put("rollout", RolloutCommand.class);
        commands.put("runs", RunsCommand.class);
        commands.put("data", DataCommand.class);
        commands.put("features", FeaturesCommand.class);
        commands.put("models", ModelsCommand.class);
        commands.put("endpoints", EndpointsCommand.class);
        commands.put("events", EventsCommand.class);
        commands.put("users", UsersCommand.class);
        commands.put("tokens", TokensCommand.class);
        commands.put("import", ImportCommand.class);
        commands.put("doctor", DoctorCommand.class);
        commands.put("rehearse", RehearseCommand.class);
        return commands;
    }

    static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        int code = run(terminal, args);
        terminal.out().flush();
        terminal.err().flush();
        // Libraries leave threads of their own behind; the command is done.
        System.exit(code);
    }

    static int run(Terminal terminal, String... args) {
        CommandLine line = new CommandLine(new Main(), new CommandFactory(terminal));
        Optional<String> named = Arrays.stream(args).findFirst().filter(COMMANDS::containsKey);
        // Reading the options of all commands by reflection takes a tenth of a second: leave out those not asked for.
        COMMANDS.forEach((name, command) -> {
            if (named.isEmpty() || named.get().equals(name)) {
                line.addSubcommand(name, command);
            }
        });
        line.setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()));
        line.setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(terminal, failure, wantsJson(args)));
        line.setParameterExceptionHandler((wrong, parsed) -> usage(terminal, wrong, wantsJson(args)));
        if (named.isEmpty() && wantsJson(args) && (contains(args, "--version") || contains(args, "-V"))) {
            terminal.out().println(Json.pretty(Version.ofThisBuild()));
            return ExitCode.DONE.number();
        }
        if (args.length == 0) {
            line.usage(terminal.out());
            return ExitCode.DONE.number();
        }
        return Actor.call(System.getProperty("user.name", "unknown"), () -> line.execute(args));
    }

    private static boolean wantsJson(String[] args) {
        return contains(args, "--json");
    }

    private static boolean contains(String[] args, String option) {
        return Arrays.asList(args).contains(option);
    }

    private static int usage(Terminal terminal, ParameterException wrong, boolean json) {
        CommandLine command = wrong.getCommandLine();
        String message = wrong.getMessage();
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            message += suggestion(unmatched, command);
        }
        printError(terminal, json, "INVALID_INPUT", List.of(message));
        terminal.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.WRONG_INPUT.number();
    }

    private static String suggestion(UnmatchedArgumentException unmatched, CommandLine command) {
        String given = unmatched.getUnmatched().getFirst();
        boolean isCommand = !given.startsWith("-") && !command.getSubcommands().isEmpty();
        if (isCommand) {
            return "."
                    + Words.suggestion(
                            given,
                            command.getSubcommands().entrySet().stream()
                                    .filter(known -> !known.getValue()
                                            .getCommandSpec()
                                            .usageMessage()
                                            .hidden())
                                    .map(Map.Entry::getKey)
                                    .toList());
        }
        return unmatched.getSuggestions().isEmpty()
                ? ""
                : ". Did you mean '" + unmatched.getSuggestions().getFirst() + "'?";
    }

    /** Says what went wrong, once, in the form that was asked for. */
    static int report(Terminal terminal, Exception failure, boolean json) {
        switch (failure) {
            case InvalidInputException invalid ->
                printError(
                        terminal,
                        json,
                        invalid.code().name(),
                        invalid.problems().stream().map(Problem::toString).toList());
            case MillwrightException expected ->
                printError(terminal, json, expected.code().name(), List.of(String.valueOf(expected.getMessage())));
            default -> {
                printError(terminal, json, "UNEXPECTED", List.of("unexpected failure: " + failure));
                failure.printStackTrace(terminal.err());
            }
        }
        return ExitCode.of(failure).number();
    }

    private static void printError(Terminal terminal, boolean json, String code, List<String> messages) {
        if (json) {
            terminal.out().println(Json.pretty(Map.of("error", Map.of("code", code, "problems", messages))));
        }
        messages.forEach(message -> terminal.err().println(terminal.red("error: ") + Terminal.printable(message)));
    }
}
