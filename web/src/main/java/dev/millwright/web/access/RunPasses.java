package dev.millwright.web.access;

import dev.millwright.registry.Role;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passes for programs that a run starts, so that they can log where a login is asked for. A pass says whom the run is done for and is
 * signed with a key that ends with the process; it lets in as an editor, for a week at most. Thread-safe.
 */
public final class RunPasses {
    private static final Duration LIFE = Duration.ofDays(7);
    private static final Pattern FORM = Pattern.compile("mwr_((\\d{1,12})\\.([\\w-]*))\\.([\\w-]{43})");

    private final SecretKeySpec key;
    private final InstantSource clock;

    RunPasses(InstantSource clock) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.clock = clock;
    }

    /** A pass in the name of {@code user}. */
    public String issue(String user) {
        String claims =
                clock.instant().plus(LIFE).getEpochSecond() + "." + encoded(user.getBytes(StandardCharsets.UTF_8));
        return "mwr_" + claims + "." + signature(claims);
    }

    /** Whom a pass lets in; empty when it is none, or over. */
    Optional<Caller> check(String pass) {
        Matcher form = FORM.matcher(pass);
        if (!form.matches() || !isSigned(form.group(1), form.group(4))) {
            return Optional.empty();
        }
        if (!Instant.ofEpochSecond(Long.parseLong(form.group(2))).isAfter(clock.instant())) {
            return Optional.empty();
        }
        String user = new String(Base64.getUrlDecoder().decode(form.group(3)), StandardCharsets.UTF_8);
        return Optional.of(new Caller(user, Caller.Door.TOKEN, Permission.of(Role.EDITOR), Optional.empty()));
    }

    private boolean isSigned(String claims, String signature) {
        return MessageDigest.isEqual(
                signature(claims).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.US_ASCII));
    }

    private String signature(String claims) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return encoded(mac.doFinal(claims.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
