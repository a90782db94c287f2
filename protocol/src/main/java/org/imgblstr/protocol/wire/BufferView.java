package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of one buffer after the other, without what each access to a {@code ByteBuf} costs: for the paths that take every datagram of data.
 * Makes garbage only for buffers that have no view of their memory to lend, slices above all. Indices are those of the buffer. One thread.
 */
final class BufferView {
    private final CRC32C crc = new CRC32C();

    /** What the buffer lent. Such a view never changes its memory; where in it the buffer begins may change. */
    private ByteBuffer lent;

    /** Ours, of the same memory: its limit moves. */
    private ByteBuffer bytes;

    private int base;
    private int limit;

    /** Looks at the bytes of {@code buffer} from index 0 to {@code end} from now on. Neither retains it nor moves its indices. */
    @SuppressWarnings("ReferenceEquality") // the same view, not an equal one
    void lookAt(ByteBuf buffer, int end) {
        if (buffer.unwrap() == null && buffer.nioBufferCount() == 1) {
            ByteBuffer view = buffer.internalNioBuffer(0, end);
            base = view.position();
            limit = view.limit();
            if (view != lent) {
                lent = view;
                bytes = view.duplicate();
            }
            bytes.limit(limit);
        } else {
            lent = null;
            bytes = buffer.nioBuffer(0, end);
            base = 0;
            limit = end;
        }
    }

    long getLong(int index) {
        return bytes.getLong(base + index);
    }

    int getInt(int index) {
        return bytes.getInt(base + index);
    }

    void setLong(int index, long value) {
        bytes.putLong(base + index, value);
    }

    void setInt(int index, int value) {
        bytes.putInt(base + index, value);
    }

    /** CRC-32C of {@code length} bytes from {@code index} on. */
    int crc32c(int index, int length) {
        bytes.limit(base + index + length).position(base + index);
        crc.reset();
        crc.update(bytes);
        bytes.limit(limit);
        return (int) crc.getValue();
    }

    /** Copies bytes from {@code index} on to {@code target}, whose position and limit stay. */
    void copyTo(int index, ByteBuffer target, int targetOffset, int length) {
        target.put(targetOffset, bytes, base + index, length);
    }

    /** Copies bytes of {@code source}, whose position and limit stay, to those from {@code index} on. */
    void copyFrom(ByteBuffer source, int sourceOffset, int index, int length) {
        bytes.put(base + index, source, sourceOffset, length);
    }
}
