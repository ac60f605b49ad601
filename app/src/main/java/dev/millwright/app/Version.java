package dev.millwright.app;

import picocli.CommandLine.IVersionProvider;

/** The version of this build. */
final class Version implements IVersionProvider {
    static final String CURRENT = "0.1.0";

    @Override
    public String[] getVersion() {
        return new String[] {"millwright " + CURRENT, "Java " + Runtime.version()};
    }
}
