package dev.millwright.web;

import io.grpc.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The library's own gzip, but that it reads nothing until it is asked to: what can't be read is an error then while the message is read,
 * after which its bytes are given back. Armeria never gives back those of a message that fails before.
 */
final class GzipCodec implements Codec {
    @Override
    public String getMessageEncoding() {
        return "gzip";
    }

    @Override
    public InputStream decompress(InputStream compressed) {
        return new Content(compressed);
    }

    @Override
    public OutputStream compress(OutputStream plain) throws IOException {
        return new GZIPOutputStream(plain);
    }

    private static final class Content extends InputStream {
        private final InputStream compressed;
        private @Nullable InputStream plain;

        Content(InputStream compressed) {
            this.compressed = compressed;
        }

        private InputStream plain() throws IOException {
            if (plain == null) {
                plain = new GZIPInputStream(compressed);
            }
            return plain;
        }

        @Override
        public int read() throws IOException {
            return plain().read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return plain().read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            (plain == null ? compressed : plain).close();
        }
    }
}
