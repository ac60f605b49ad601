package dev.millwright.pipelines.eventlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Ids of events, each with the event's time, as half of their SHA-256: two ids in a billion of billions are taken for one. An open
 * hash table of 24 bytes a place. Thread-safe.
 */
public final class IdTable {
    private static final int WIDTH = 3;
    private static final int FIRST_PLACES = 16;
    /** In place of a time: nothing was ever here, or what was here was removed. */
    private static final long FREE = Long.MIN_VALUE;

    private static final long REMOVED = Long.MIN_VALUE + 1;

    private long[] places = emptied(FIRST_PLACES);
    private int size;
    private int used;

    private static long[] emptied(int count) {
        long[] places = new long[count * WIDTH];
        for (int i = 0; i < places.length; i += WIDTH) {
            places[i] = FREE;
        }
        return places;
    }

    private record Key(long high, long low) {
        static Key of(String id) {
            try {
                ByteBuffer hash = ByteBuffer.wrap(
                        MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
                return new Key(hash.getLong(), hash.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /** Adds an id; false when it is known. */
    public boolean add(String id, long timeMicros) {
        return add(Key.of(id), Math.max(timeMicros, REMOVED + 1));
    }

    private synchronized boolean add(Key key, long time) {
        if (place(places, key) >= 0) {
            return false;
        }
        if ((used + 1) * 3 > places.length / WIDTH * 2) {
            rebuild(FREE);
        }
        put(places, key, time);
        size++;
        used++;
        return true;
    }

    public synchronized boolean contains(String id) {
        return place(places, Key.of(id)) >= 0;
    }

    public synchronized void remove(String id) {
        int place = place(places, Key.of(id));
        if (place >= 0) {
            places[place] = REMOVED;
            size--;
        }
    }

    /** Forgets the ids of events before a time. */
    public synchronized void forgetBefore(long timeMicros) {
        rebuild(timeMicros);
    }

    public synchronized int size() {
        return size;
    }

    /** Keeps what isn't older, with room for as much again. */
    private void rebuild(long from) {
        int kept = 0;
        for (int i = 0; i < places.length; i += WIDTH) {
            kept += places[i] > REMOVED && places[i] >= from ? 1 : 0;
        }
        int count = Math.max(FIRST_PLACES, Integer.highestOneBit(Math.max(1, kept)) * 4);
        long[] larger = emptied(count);
        for (int i = 0; i < places.length; i += WIDTH) {
            if (places[i] > REMOVED && places[i] >= from) {
                put(larger, new Key(places[i + 1], places[i + 2]), places[i]);
            }
        }
        places = larger;
        size = kept;
        used = kept;
    }

    /** Where the id is; negative when it is nowhere. */
    private static int place(long[] places, Key key) {
        int at = start(places, key);
        while (places[at] != FREE) {
            if (places[at] != REMOVED && places[at + 1] == key.high() && places[at + 2] == key.low()) {
                return at;
            }
            at = (at + WIDTH) % places.length;
        }
        return -1;
    }

    private static void put(long[] places, Key key, long time) {
        int at = start(places, key);
        while (places[at] > REMOVED) {
            at = (at + WIDTH) % places.length;
        }
        places[at] = time;
        places[at + 1] = key.high();
        places[at + 2] = key.low();
    }

    private static int start(long[] places, Key key) {
        return (int) Long.remainderUnsigned(key.high(), places.length / WIDTH) * WIDTH;
    }
}
