package dev.millwright.app;

import picocli.CommandLine.IVersionProvider;

/** The version of this build. */
final class Version implements IVersionProvider {
    static final String CURRENT = "0.1.0";

    /** The same as one document. */
    record Document(String version, String java) {}

    static Document ofThisBuild() {
        return new Document(CURRENT, Runtime.version().toString());
    }

    @Override
    public String[] getVersion() {
        return new String[] {"millwright " + CURRENT, "Java " + Runtime.version()};
    }
}
