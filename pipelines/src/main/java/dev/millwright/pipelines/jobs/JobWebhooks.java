package dev.millwright.pipelines.jobs;

import dev.millwright.core.MillwrightException;
import dev.millwright.data.DurableFiles;
import dev.millwright.monitoring.WebhookSender;
import dev.millwright.pipelines.PipelineError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever wanted to be told that a job has been answered. The body is signed with a secret that is made whenever one is needed and
 * there is none, so that the receiver can tell that it comes from here. Thread-safe.
 */
public final class JobWebhooks implements AutoCloseable {
    /** Says {@code t=SECONDS,v1=HEX}: the HMAC-SHA-256 of the seconds since 1970, a full stop and the body. */
    static final String SIGNATURE = "Millwright-Signature";

    private static final Logger LOG = LoggerFactory.getLogger(JobWebhooks.class);

    private static final int CALLS = 6;
    private static final int SECRET_BYTES = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private final WebhookSender sender;
    private final Path secret;

    /** {@code secret} is the file with the secret: {@code HOME/secrets/webhook}. */
    public JobWebhooks(Path secret) {
        this(secret, PATIENCE);
    }

    /** {@code patience} is for one call. */
    JobWebhooks(Path secret, Duration patience) {
        this.secret = secret;
        this.sender = new WebhookSender(patience);
    }

    /**
     * How a call ended.
     *
     * @param again after which time it is made again; empty when it is not
     */
    record Result(String state, Optional<Duration> again) {}

    /**
     * The secret, made when there is none.
     *
     * @throws MillwrightException {@link PipelineError#HOME_FAILED} when that can't be, or it can't be read
     */
    synchronized String secret() {
        try {
            String found = read();
            if (found.isEmpty()) {
                byte[] random = new byte[SECRET_BYTES];
                new SecureRandom().nextBytes(random);
                DurableFiles.write(secret, aside -> write(aside, HexFormat.of().formatHex(random)));
                found = read();
            }
            return found;
        } catch (IOException | UncheckedIOException | MillwrightException failed) {
            throw unusable(failed);
        }
    }

    /** Empty when there is none; one that was only begun to be written, by an earlier release, is none. */
    private String read() throws IOException {
        try {
            return Files.readString(secret).strip();
        } catch (NoSuchFileException none) {
            return "";
        }
    }

    /** Nobody else may read it, from its first moment on. */
    private static void write(Path file, String text) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private MillwrightException unusable(Exception cause) {
        return new MillwrightException(
                PipelineError.HOME_FAILED,
                secret
                        + ": can't be used (expected: a file with a secret to sign webhooks with, in a writable folder). Delete"
                        + " it, and a new one is made.",
                cause);
    }

    Result call(JobTable.WebhookCall call, Instant now) throws InterruptedException {
        Job job = call.job();
        byte[] body = ("{\"job\":\"" + job.id() + "\",\"endpoint\":\"" + job.endpoint() + "\",\"state\":\""
                        + job.state().word() + "\",\"status\":" + job.status().orElse(0) + ",\"answer\":\"/endpoints/"
                        + job.endpoint() + "/jobs/" + job.id() + "/answer\"}")
                .getBytes(StandardCharsets.UTF_8);
        WebhookSender.Outcome outcome = post(call, body, now);
        if (outcome.delivered()) {
            return new Result("delivered", Optional.empty());
        }
        boolean again = outcome.worthAnotherTry() && call.calls() + 1 < CALLS;
        return new Result(
                (again ? "pending: " : "failed: ") + outcome.reason(),
                again ? Optional.of(FIRST_PAUSE.multipliedBy(1L << (2 * call.calls()))) : Optional.empty());
    }

    /** A call that can't be made counts as one that failed. */
    private WebhookSender.Outcome post(JobTable.WebhookCall call, byte[] body, Instant now)
            throws InterruptedException {
        try {
            return sender.post(call.url(), Map.of(SIGNATURE, signature(body, now.getEpochSecond())), body);
        } catch (MillwrightException unsigned) {
            LOG.warn(
                    "the webhook of the job {} could not be called: {}",
                    call.job().id(),
                    unsigned.getMessage());
            return new WebhookSender.Outcome(false, true, String.valueOf(unsigned.getMessage()));
        } catch (RuntimeException unexpected) {
            LOG.warn("the webhook of the job {} could not be called", call.job().id(), unexpected);
            return new WebhookSender.Outcome(
                    false, true, "something went wrong inside Millwright; the server's log says what");
        }
    }

    private String signature(byte[] body, long seconds) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("HMAC-SHA-256 is not there", impossible);
        }
    }

    @Override
    public void close() {
        sender.close();
    }
}
