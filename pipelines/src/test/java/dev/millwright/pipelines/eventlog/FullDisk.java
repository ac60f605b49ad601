package dev.millwright.pipelines.eventlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Real files on a disk with as much room as one likes; a write that doesn't fit is done in part, as by an operating system. */
final class FullDisk implements SegmentFiles {
    private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);

    void room(long bytes) {
        room.set(bytes);
    }

    @Override
    public FileChannel create(Path file) throws IOException {
        FileChannel real = ON_DISK.create(file);
        return new FileChannel() {
            @Override
            public int write(ByteBuffer source, long position) throws IOException {
                if (room.get() <= 0) {
                    throw new IOException("No space left on device");
                }
                int fits = (int) Math.min(room.get(), source.remaining());
                int written = real.write(source.slice(source.position(), fits), position);
                source.position(source.position() + written);
                room.addAndGet(-written);
                return written;
            }

            @Override
            public FileChannel truncate(long size) throws IOException {
                real.truncate(size);
                return this;
            }

            @Override
            public void force(boolean metaData) throws IOException {
                real.force(metaData);
            }

            @Override
            protected void implCloseChannel() throws IOException {
                real.close();
            }

            @Override
            public int read(ByteBuffer target) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long read(ByteBuffer[] targets, int offset, int length) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int write(ByteBuffer source) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long write(ByteBuffer[] sources, int offset, int length) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long position() {
                throw new UnsupportedOperationException();
            }

            @Override
            public FileChannel position(long position) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long size() throws IOException {
                return real.size();
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel target) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long transferFrom(ReadableByteChannel source, long position, long count) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(ByteBuffer target, long position) {
                throw new UnsupportedOperationException();
            }

            @Override
            public MappedByteBuffer map(MapMode mode, long position, long size) {
                throw new UnsupportedOperationException();
            }

            @Override
            public FileLock lock(long position, long size, boolean shared) {
                throw new UnsupportedOperationException();
            }

            @Override
            public FileLock tryLock(long position, long size, boolean shared) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
