package dev.millwright.app;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The window that shows the error stream. The system is asked for its width each time, since people resize windows; what
 * it can't tell, {@code COLUMNS} does, and 80 columns is what remains.
 */
final class TerminalWindow {
    static final int USUAL_COLUMNS = 80;
    private static final int ERROR_STREAM = 2;

    private final Map<String, String> environment;

    TerminalWindow(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Whether the error stream goes to a terminal; empty where the system doesn't show it as a file. */
    static Optional<Boolean> takesErrors() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + ERROR_STREAM))
                    .toString();
            return Optional.of(
                    target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console"));
        } catch (IOException | UnsupportedOperationException notShown) {
            return Optional.empty();
        }
    }

    int columns() {
        OptionalInt told = SystemCall.columns();
        if (told.isPresent()) {
            return told.getAsInt();
        }
        String set = environment.getOrDefault("COLUMNS", "");
        return set.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(set) : USUAL_COLUMNS;
    }

    /** {@code ioctl(2, TIOCGWINSZ, struct winsize *)}. Linked on first use: that takes a tenth of a second. */
    private static final class SystemCall {
        private static final boolean MAC =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
        private static final long WINDOW_SIZE = MAC ? 0x40087468L : 0x5413L;
        private static final int WINSIZE_BYTES = 8;
        private static final int COLUMNS_AT = 2;
        private static final Optional<MethodHandle> IOCTL = link();

        private SystemCall() {}

        @SuppressWarnings("restricted") // native access is enabled where Millwright starts
        private static Optional<MethodHandle> link() {
            try {
                Linker linker = Linker.nativeLinker();
                FunctionDescriptor signature = FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
                return linker.defaultLookup()
                        .find("ioctl")
                        .map(ioctl -> linker.downcallHandle(ioctl, signature, Linker.Option.firstVariadicArg(2)));
            } catch (RuntimeException | LinkageError notHere) {
                return Optional.empty();
            }
        }

        static OptionalInt columns() {
            if (IOCTL.isEmpty()) {
                return OptionalInt.empty();
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment size = arena.allocate(WINSIZE_BYTES, Short.BYTES);
                int failed = (int) IOCTL.get().invokeExact(ERROR_STREAM, WINDOW_SIZE, size);
                int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_AT));
                return failed == 0 && columns > 0 ? OptionalInt.of(columns) : OptionalInt.empty();
            } catch (Throwable notAnswered) { // what invokeExact declares
                return OptionalInt.empty();
            }
        }
    }
}
