package dev.millwright.web;

import io.grpc.Codec;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** The compression of gRPC messages that clients know beside gzip: RFC 1950. */
final class DeflateCodec implements Codec {
    @Override
    public String getMessageEncoding() {
        return "deflate";
    }

    @Override
    public InputStream decompress(InputStream compressed) {
        return new InflaterInputStream(compressed);
    }

    @Override
    public OutputStream compress(OutputStream plain) {
        return new DeflaterOutputStream(plain);
    }
}
