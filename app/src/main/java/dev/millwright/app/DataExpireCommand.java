package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.Text;
import dev.millwright.pipelines.datasets.Expiry;
import dev.millwright.pipelines.datasets.ExpiryRequest;
import dev.millwright.pipelines.datasets.ExpiryRequest.Mode;
import dev.millwright.pipelines.datasets.ExpiryRequest.Needed;
import dev.millwright.registry.DatasetReference;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives up the rows of old versions. */
@Command(
        name = "expire",
        mixinStandardHelpOptions = true,
        description = {
            "Give up the rows of old versions of a dataset, and the disk that they take. What stays and why is said. The newest",
            "version stays, and what a tag, a registered model, an endpoint's windows or a run under way needs."
        },
        footer = {
            "",
            "Examples:",
            "  millwright data expire customers --older-than 30d --keep 5 --dry-run",
            "  millwright data expire customers@v2 --force      this one, though it is needed"
        })
final class DataExpireCommand implements Callable<Integer> {
    private static final Pattern AGE = Pattern.compile("(\\d{1,6})(m|h|d)");

    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "DATASET[@VERSION]", description = "The dataset, or one version of it.")
    private String dataset = "";

    @Option(names = "--older-than", paramLabel = "TIME", description = "Those recorded longer ago: 30d, 12h.")
    private @Nullable String olderThan;

    @Option(names = "--keep", paramLabel = "N", description = "The newest N stay.")
    private @Nullable Integer keep;

    @Option(
            names = "--force",
            description = "Also what a tag, a model or an endpoint needs; neither the newest nor what a run reads.")
    private boolean force;

    @Option(names = "--dry-run", description = "Only say what would go.")
    private boolean dryRun;

    DataExpireCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        ExpiryRequest request = request(DatasetReference.parse(dataset));
        Expiry expiry = HomeDatasets.change(options.home(), datasets -> datasets.expire(request));
        if (options.json()) {
            terminal.out().println(Json.pretty(expiry));
        } else {
            print(expiry);
        }
        return ExitCode.DONE.number();
    }

    private ExpiryRequest request(DatasetReference reference) {
        Optional<Integer> version = switch (reference.choice()) {
            case DatasetReference.Choice.Newest() -> Optional.empty();
            case DatasetReference.Choice.Numbered(int number) -> Optional.of(number);
            case DatasetReference.Choice.Tagged _, DatasetReference.Choice.AsOf _ ->
                throw new InvalidInputException("DATASET[@VERSION]: " + dataset
                        + " (expected: a dataset, or the number of a version, customers@v2).");
        };
        return new ExpiryRequest(
                reference.dataset(),
                version,
                Optional.ofNullable(olderThan).map(DataExpireCommand::age),
                Optional.ofNullable(keep),
                force ? Needed.EXPIRE : Needed.KEEP,
                dryRun ? Mode.ONLY_TELL : Mode.CARRY_OUT);
    }

    private static Duration age(String text) {
        Matcher age = AGE.matcher(text);
        if (!age.matches()) {
            throw new InvalidInputException("--older-than: " + text + " (expected: a time such as 30d, 12h or 90m).");
        }
        long number = Long.parseLong(age.group(1));
        return switch (age.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private void print(Expiry expiry) {
        terminal.table(
                List.of("VERSION", "RECORDED", "ROWS", "", "WHY"),
                expiry.versions().stream().map(DataExpireCommand::row).toList());
        int versions = expiry.expired().size();
        terminal.out()
                .println(
                        dryRun
                                ? Text.count(versions, "version") + " would expire"
                                : Text.count(versions, "version") + " expired, " + Text.count(expiry.files(), "file")
                                        + " deleted: " + Text.bytes(expiry.bytes()) + " free");
    }

    private static List<String> row(Expiry.Verdict verdict) {
        return List.of(
                "v" + verdict.version(),
                Times.stamp(verdict.recorded()),
                Text.number(verdict.rows()),
                verdict.fate().name().toLowerCase(Locale.ROOT),
                verdict.reason());
    }
}
