package dev.millwright.pipelines.jobs;

import dev.millwright.core.MillwrightException;
import dev.millwright.monitoring.WebhookSender;
import dev.millwright.pipelines.PipelineError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whoever wanted to be told that a job has been answered. The body is signed with a secret that is made when it is first needed, so
 * that the receiver can tell that it comes from here. Thread-safe.
 */
public final class JobWebhooks implements AutoCloseable {
    /** Says {@code t=SECONDS,v1=HEX}: the HMAC-SHA-256 of the seconds since 1970, a full stop and the body. */
    static final String SIGNATURE = "Millwright-Signature";

    private static final int CALLS = 6;
    private static final int SECRET_BYTES = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private final WebhookSender sender;
    private final Path secret;

    /** {@code secret} is the file with the secret: {@code HOME/secrets/webhook}. */
    public JobWebhooks(Path secret) {
        this.secret = secret;
        this.sender = new WebhookSender(PATIENCE);
    }

    /**
     * How a call ended.
     *
     * @param again after which time it is made again; empty when it is not
     */
    record Result(String state, Optional<Duration> again) {}

    /** Makes the secret, if there is none yet: before a call is promised. */
    void prepare() {
        try {
            if (Files.exists(secret)) {
                return;
            }
            Files.createDirectories(secret.toAbsolutePath().getParent());
            byte[] random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            Path file = secret.getFileSystem().supportedFileAttributeViews().contains("posix")
                    ? Files.createFile(
                            secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                    : Files.createFile(secret);
            Files.writeString(
                    file, HexFormat.of().formatHex(random), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        } catch (FileAlreadyExistsException made) {
            // By another thread.
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private MillwrightException unusable(Exception cause) {
        return new MillwrightException(
                PipelineError.HOME_FAILED,
                secret
                        + ": can't be used (expected: a file with a secret to sign webhooks with). Delete it, and a new one"
                        + " is made.",
                cause);
    }

    Result call(JobTable.WebhookCall call, Instant now) throws InterruptedException {
        Job job = call.job();
        byte[] body = ("{\"job\":\"" + job.id() + "\",\"endpoint\":\"" + job.endpoint() + "\",\"state\":\""
                        + job.state().word() + "\",\"status\":" + job.status().orElse(0) + ",\"answer\":\"/endpoints/"
                        + job.endpoint() + "/jobs/" + job.id() + "/answer\"}")
                .getBytes(StandardCharsets.UTF_8);
        WebhookSender.Outcome outcome =
                sender.post(call.url(), Map.of(SIGNATURE, signature(body, now.getEpochSecond())), body);
        if (outcome.delivered()) {
            return new Result("delivered", Optional.empty());
        }
        boolean again = outcome.worthAnotherTry() && call.calls() + 1 < CALLS;
        return new Result(
                (again ? "pending: " : "failed: ") + outcome.reason(),
                again ? Optional.of(FIRST_PAUSE.multipliedBy(1L << (2 * call.calls()))) : Optional.empty());
    }

    private String signature(byte[] body, long seconds) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(
                    new SecretKeySpec(Files.readString(secret).strip().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
            throw unusable(unreadable);
        }
    }

    @Override
    public void close() {
        sender.close();
    }
}
