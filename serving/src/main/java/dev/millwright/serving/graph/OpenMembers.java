package dev.millwright.serving.graph;

import dev.millwright.serving.Lifetime;
import dev.millwright.serving.Member;
import java.util.List;
import java.util.function.Supplier;

/** The models of a graph, given back after the last call in flight. Thread-safe. */
final class OpenMembers implements AutoCloseable {
    private final List<Member> members;
    private final Lifetime lifetime = new Lifetime("graph");

    OpenMembers(List<Member> members) {
        this.members = List.copyOf(members);
    }

    <T> T whileOpen(Supplier<T> call) {
        lifetime.enter();
        try {
            return call.get();
        } finally {
            lifetime.leave();
        }
    }

    @Override
    public void close() {
        lifetime.close(() -> members.forEach(Member::close));
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
