package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Inspection;
import dev.millwright.data.Session;
import dev.millwright.data.profile.DataProfiler;
import dev.millwright.data.profile.LeakageWarning;
import dev.millwright.pipelines.FirstLook;
import dev.millwright.pipelines.StarterFile;
import dev.millwright.pipelines.profile.ProfileSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at data and writes a first pipeline file that runs. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Look at the data and write a commented pipeline file that runs as it is.",
        footer = {"", "Example:", "  millwright init customers.csv --label churned"})
final class InitCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "DATA", description = "A file: csv, tsv, jsonl or parquet.")
    private @Nullable Path data;

    @Option(names = "--label", required = true, paramLabel = "COLUMN", description = "The column to predict.")
    private String label = "";

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where to write (default: NAME.yaml in the current folder).")
    private @Nullable Path output;

    @Option(names = "--force", description = "Overwrite the file if it is there.")
    private boolean force;

    InitCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path source = Objects.requireNonNull(data);
        if (!Files.isRegularFile(source)) {
            throw new InvalidInputException(source + ": no such file (expected: a csv, tsv, jsonl or parquet file).");
        }
        String name = StarterFile.name(source.toString());
        Path target = output == null ? Path.of(name + ".yaml") : output;
        if (Files.exists(target) && !force) {
            throw new InvalidInputException(
                    target + " exists (expected: a new file). Use --output FILE, or --force to overwrite it.");
        }
        String text = text(source, target);
        Files.writeString(target, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("file", target.toString(), "text", text)));
        } else {
            terminal.out().println("Wrote " + target + ". Look at it, then: millwright run " + target);
        }
        return ExitCode.DONE.number();
    }

    private String text(Path source, Path target) throws IOException {
        try (Scratch scratch = Scratch.make();
                DuckDb duck = new DuckDb(DuckDb.Settings.ofThisMachine(scratch.folder()))) {
            FirstLook look = FirstLook.at(duck, source);
            String from = fromFolderOf(target, source);
            StarterFile.write(look, label, from); // refuses what nothing can be learnt from, before more is read
            List<String> leakage = leakage(duck, look, source);
            say("note: ", look.inspection().warnings());
            say("leakage: ", leakage);
            return StarterFile.write(look, label, from, leakage);
        }
    }

    private void say(String kind, List<String> messages) {
        messages.forEach(message -> terminal.err().println(terminal.yellow(kind) + Terminal.printable(message)));
    }

    /** What gives the label away; of a file that is too large for a first look, 'data profile' tells. */
    private List<String> leakage(DuckDb duck, FirstLook look, Path source) {
        if (look.inspection().coverage() == Inspection.Coverage.HEAD) {
            return List.of();
        }
        try (Session session = duck.session()) {
            ProfileSubject subject = ProfileSubject.ofFiles(duck, session, source.toString());
            return new DataProfiler(session, InstantSource.system())
                    .leakage(subject.table(), subject.request().withLabel(label)).warnings().stream()
                            .map(LeakageWarning::message)
                            .toList();
        }
    }

    /** The source as seen from where the pipeline file lies. */
    private static String fromFolderOf(Path target, Path source) {
        Path folder = Objects.requireNonNull(target.toAbsolutePath().normalize().getParent());
        Path absolute = source.toAbsolutePath().normalize();
        return absolute.startsWith(folder) ? folder.relativize(absolute).toString() : absolute.toString();
    }
}
