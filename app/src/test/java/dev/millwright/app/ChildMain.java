package dev.millwright.app;

import java.util.Map;

/** The program, as if on a terminal: it then says when a step begins, and not only when it is done. */
final class ChildMain {
    private ChildMain() {}

    public static void main(String[] arguments) {
        int code = Main.run(new Terminal(System.out, System.err, true, Map.of("NO_COLOR", "")), arguments);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }
}
