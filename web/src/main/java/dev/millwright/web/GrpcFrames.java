package dev.millwright.web;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import dev.millwright.core.InvalidInputException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Follows the frames around a call's messages while its bytes come by, for what Armeria passes over: more than a call takes, and a last
 * message that is cut short. On the event loop of its call.
 */
final class GrpcFrames implements Consumer<HttpData> {
    /** A flag, and the length in four bytes. */
    private static final int HEAD = 5;

    private final long longest;
    private final Messages messages;
    private int head;
    private int length;
    private long missing;
    private boolean any;
    /** Of messages of a stream that are whole and not answered yet, in their order. */
    private final ArrayDeque<Long> unanswered = new ArrayDeque<>(1);

    private long unansweredBytes;

    /** How many a call takes. */
    enum Messages {
        ONE,
        /** Whose lengths Armeria looks at, each before it is read. */
        MANY
    }

    GrpcFrames(Messages messages, long longest) {
        this.messages = messages;
        this.longest = longest;
    }

    /** Throws when that is more than the call takes. */
    @Override
    public void accept(HttpData data) {
        ByteBuf bytes = data.byteBuf();
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (head < HEAD) {
                readHead(bytes.getByte(at));
                at++;
            } else {
                int part = (int) Math.min(missing, end - at);
                at += part;
                missing -= part;
            }
            if (head == HEAD && missing == 0) {
                head = 0;
                any = true;
                whole(HEAD + Integer.toUnsignedLong(length));
            }
        }
    }

    private void readHead(byte next) {
        if (any && messages == Messages.ONE) {
            throw new InvalidInputException(
                    "message: more comes after it (expected: one message, as this call takes). Send each in a call of"
                            + " its own");
        }
        // The flag is shifted out by what follows.
        length = length << Byte.SIZE | Byte.toUnsignedInt(next);
        head++;
        if (head == HEAD) {
            missing = Integer.toUnsignedLong(length);
            if (messages == Messages.ONE && missing > longest) {
                throw ContentTooLargeException.get();
            }
        }
    }

    /** Whether what has come ends within a frame. */
    boolean isCut() {
        return head > 0;
    }

    private void whole(long bytes) {
        unanswered.add(bytes);
        unansweredBytes += bytes;
    }

    /** The first of the messages that are not answered yet is. */
    void answered() {
        unansweredBytes -= unanswered.remove();
    }

    /** What is held of what has come, in bytes: each message until it is answered. */
    long held() {
        return unansweredBytes + (head < HEAD ? head : HEAD + Integer.toUnsignedLong(length) - missing);
    }
}
