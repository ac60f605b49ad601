package dev.millwright.app;

import ai.onnxruntime.OrtEnvironment;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Registry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says whether this machine has what Millwright needs, and what to do where it has not. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Check that this machine has what Millwright needs.",
        footer = {"", "Example:", "  millwright doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    private static final long ROOM_ON_DISK = 1L << 30;

    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** One thing that was looked at. */
    record Finding(String check, boolean healthy, String detail) {}

    /** All that was found. */
    record Diagnosis(boolean healthy, List<Finding> findings) {}

    @Override
    public Integer call() {
        Diagnosis diagnosis = diagnose(options.home());
        if (options.json()) {
            terminal.out().println(Json.pretty(diagnosis));
        } else {
            for (Finding finding : diagnosis.findings()) {
                String mark = finding.healthy() ? terminal.green("✓") : terminal.red("✗");
                terminal.out()
                        .println(mark + " " + String.format(Locale.ROOT, "%-16s", finding.check()) + finding.detail());
            }
        }
        return (diagnosis.healthy() ? ExitCode.DONE : ExitCode.UNEXPECTED).number();
    }

    static Diagnosis diagnose(Path home) {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                "java", Runtime.version().feature() >= 25, Runtime.version().toString()));
        findings.add(new Finding(
                "cores",
                true,
                Runtime.getRuntime().availableProcessors() + ", heap up to "
                        + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB"));
        findings.add(home(home));
        findings.add(disk(home));
        findings.add(state(home));
        findings.add(
                library("duckdb", DoctorCommand::duckDbVersion, "Is the temporary folder full, or mounted noexec?"));
        findings.add(library(
                "onnxruntime", DoctorCommand::onnxRuntimeVersion, "Is the temporary folder full, or mounted noexec?"));
        findings.add(library(
                "xgboost",
                DoctorCommand::xgboostVersion,
                "XGBoost needs the system library libgomp: 'apt-get install libgomp1' or your system's like."));
        return new Diagnosis(findings.stream().allMatch(Finding::healthy), List.copyOf(findings));
    }

    private static Finding home(Path home) {
        Path existing = existing(home);
        boolean writable = takesFiles(existing);
        return new Finding(
                "home",
                writable,
                home
                        + (writable
                                ? ""
                                : ": " + existing + " is not writable (expected: a folder of yours; use --home DIR)"));
    }

    /** Permissions don't tell: those of a root user promise more than some file systems keep. */
    private static boolean takesFiles(Path folder) {
        try {
            Files.delete(Files.createTempFile(folder, ".millwright-doctor", ""));
            return true;
        } catch (IOException | SecurityException refused) {
            return false;
        }
    }

    private static Path existing(Path path) {
        Path at = path;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    private static Finding disk(Path home) {
        try {
            FileStore store = Files.getFileStore(existing(home));
            long free = store.getUsableSpace();
            return new Finding(
                    "disk",
                    free > ROOM_ON_DISK,
                    String.format(Locale.ROOT, "%.1f GiB free", free / (double) (1L << 30))
                            + (free > ROOM_ON_DISK ? "" : " (expected: at least 1; free some, or use --home DIR)"));
        } catch (IOException unreadable) {
            return new Finding("disk", false, "could not be read: " + unreadable.getMessage());
        }
    }

    /** Whether the state of the home can be read, wherever it is. */
    private static Finding state(Path home) {
        if (!Registry.hasState(home)) {
            return new Finding("state", true, "none yet");
        }
        try (Registry registry = HomeReader.open(home)) {
            return new Finding(
                    "state",
                    true,
                    "in " + registry.place() + ", " + registry.events().head().sequence() + " events");
        } catch (MillwrightException unreadable) {
            return new Finding("state", false, String.valueOf(unreadable.getMessage()));
        }
    }

    private static Finding library(String name, Supplier<String> version, String advice) {
        try {
            return new Finding(name, true, version.get());
        } catch (RuntimeException | LinkageError broken) {
            return new Finding(name, false, "does not load: " + broken.getMessage() + ". " + advice);
        }
    }

    private static String duckDbVersion() {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version()")) {
            row.next();
            return row.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed.getMessage(), failed);
        }
    }

    private static String onnxRuntimeVersion() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    private static String xgboostVersion() {
        try {
            float[] numbers = {1f, 2f};
            new DMatrix(numbers, 2, 1, Float.NaN).dispose();
            return "loads";
        } catch (XGBoostError failed) {
            throw new IllegalStateException(failed.getMessage(), failed);
        }
    }
}
