package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;

/** AES-256-GCM of the bodies of datagrams in direct buffers; the header is the nonce. Makes no object. One thread. */
final class DatagramCipher implements AutoCloseable {
    private final Aead aead;

    DatagramCipher(SecretBytes key, Primitives primitives) {
        aead = primitives.aead(key);
    }

    /**
     * Encrypts the body of an open datagram and writes the tag over its CRC and the 12 bytes behind it. The buffer's writer index moves behind
     * them when it lies before.
     *
     * @param bodyAt where the body begins, counted from the datagram
     * @param bodyBytes without trailer
     */
    void seal(ByteBuf buffer, int offset, int bodyAt, int bodyBytes) {
        int length = bodyAt + bodyBytes + CommandFlyweight.TAG_BYTES;
        int lacking = offset + length - buffer.writerIndex();
        if (lacking > 0) {
            buffer.ensureWritable(lacking).writerIndex(offset + length);
        }
        ByteBuffer bytes = buffer.internalNioBuffer(offset, length);
        int start = bytes.position();
        aead.seal(bytes, start, start + bodyAt, bodyBytes);
    }

    /** Decrypts the body; false when the tag is wrong. */
    boolean open(ByteBuf buffer, int offset, int bodyAt, int length) {
        ByteBuffer bytes = buffer.internalNioBuffer(offset, length);
        int start = bytes.position();
        return aead.open(bytes, start, start + bodyAt, length - bodyAt - CommandFlyweight.TAG_BYTES);
    }

    /** Bytes of the body of an open datagram. */
    static int bodyBytes(int openLength) {
        return openLength - CommandFlyweight.HEADER_BYTES - CommandFlyweight.TRAILER_BYTES;
    }

    @Override
    public void close() {
        aead.close();
    }
}
