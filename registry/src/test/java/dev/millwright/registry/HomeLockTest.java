package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {
    private static final OwnerInfo OWNER =
            new OwnerInfo(ProcessHandle.current().pid(), 8480, "secret", Instant.parse("2026-11-21T10:00:00Z"));

    @TempDir
    Path directory;

    private Path home() {
        return directory.resolve("deep/home");
    }

    @Test
    void aHomeHasOneOwner() {
        try (HomeLock lock = HomeLock.tryAcquire(home()).orElseThrow()) {
            assertThat(HomeLock.tryAcquire(home())).isEmpty();
            assertThat(HomeLock.tryAcquire(home()))
                    .as("asking does not free it")
                    .isEmpty();
            lock.publish(OWNER);
            assertThat(OwnerInfo.find(home())).contains(OWNER);
        }
        assertThat(OwnerInfo.find(home())).isEmpty();
        assertThat(home().resolve("owner.json")).doesNotExist();
        HomeLock.tryAcquire(home()).orElseThrow().close();
    }

    @Test
    void anotherProcessIsKeptOut_untilItIsKilled() throws IOException {
        try (ChildProcess child = ChildProcess.start(OwnerChild.class, home().toString())) {
            assertThat(child.readLine()).isEqualTo("owned");
            assertThat(HomeLock.tryAcquire(home())).isEmpty();
            OwnerInfo owner = OwnerInfo.find(home()).orElseThrow();
            assertThat(owner.pid()).isEqualTo(child.pid());
            assertThatThrownBy(() -> Registry.open(home(), Instant::now))
                    .isInstanceOfSatisfying(
                            MillwrightException.class,
                            refused -> assertThat(refused.code()).isEqualTo(RegistryError.HOME_IN_USE))
                    .hasMessageContaining("is owned by process " + child.pid() + " (port 8480)");
            child.kill();
        }
        assertThat(home().resolve("owner.json")).exists();
        assertThat(OwnerInfo.find(home())).as("the file is stale").isEmpty();
        HomeLock.tryAcquire(home()).orElseThrow().close();
    }

    @Test
    void onlyItsUserCanReadAHome() throws IOException {
        try (HomeLock lock = HomeLock.tryAcquire(home()).orElseThrow()) {
            lock.publish(OWNER);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home())))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home().resolve("owner.json"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void doesNotPrintTheToken() {
        assertThat(OWNER.toString()).doesNotContain("secret");
    }

    @Test
    void oneRegistryOpensALockedHomeAtATime() {
        try (HomeLock lock = HomeLock.tryAcquire(home()).orElseThrow()) {
            try (Registry first = Registry.open(lock, Instant::now)) {
                first.events().record("trigger.fired", "x", Map.of());
                assertThatThrownBy(() -> Registry.open(lock, Instant::now))
                        .isInstanceOf(MillwrightException.class)
                        .hasMessageContaining("is already open in this process");
            }
            Registry.open(lock, Instant::now).close();
        }
    }

    @Test
    void nobodyOwnsAHomeThatDoesNotExist() {
        assertThat(OwnerInfo.find(home())).isEmpty();
        assertThat(home()).doesNotExist();
    }

    /** Takes a home and never lets go. */
    static final class OwnerChild {
        public static void main(String[] arguments) throws IOException {
            HomeLock lock = HomeLock.tryAcquire(Path.of(arguments[0])).orElseThrow();
            lock.publish(new OwnerInfo(ProcessHandle.current().pid(), 8480, "secret", Instant.EPOCH));
            System.out.println("owned");
            System.in.read();
        }
    }
}
