package dev.millwright.web;

import com.linecorp.armeria.common.FlagsProvider;

/**
 * Lets queries hold two dots. Filters of runs do, and a path that leads out of its root is refused by who resolves it, with a
 * message that says so: Armeria would refuse both unread. Found by Armeria as a service; a system property overrides it.
 */
public final class QueryFlags implements FlagsProvider {
    /** Below that of system properties, which is 0. */
    private static final int PRIORITY = -1;

    /** For {@link java.util.ServiceLoader}. */
    public QueryFlags() {}

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Boolean allowDoubleDotsInQueryString() {
        return true;
    }
}
