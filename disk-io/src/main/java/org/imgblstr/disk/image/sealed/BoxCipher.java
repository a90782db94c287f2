package org.imgblstr.disk.image.sealed;

import java.nio.ByteBuffer;
import org.imgblstr.sealing.primitive.Aead;

/**
 * Seals the parts of a file and opens them. The nonce of a box says where it stands, so one that was moved does not open. One thread. Source:
 * docs/image-format.md, section 9.
 */
public final class BoxCipher implements AutoCloseable {
    /** Where the bytes of a box begin in the buffer, behind the nonce. */
    private static final int CONTENT = 16;

    private static final int FIRST_BYTES = 4096;

    private final Aead aead;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_BYTES);

    /** What a box holds. */
    public enum Part {
        HEADER(0),
        RECORD(1),
        BODY(2),
        TRAILER(3);

        private final int code;

        Part(int code) {
            this.code = code;
        }
    }

    BoxCipher(Aead aead) {
        this.aead = aead;
    }

    /**
     * Seals the bytes between position and limit, which stay.
     *
     * @param offset of the box in the file
     * @return bytes and tag, valid until the next call
     */
    public ByteBuffer seal(ByteBuffer plain, long offset, Part part) {
        int length = plain.remaining();
        begin(length + Aead.TAG_BYTES, offset, part);
        buffer.put(CONTENT, plain, plain.position(), length);
        aead.seal(buffer, 0, CONTENT, length);
        return buffer.slice(CONTENT, length + Aead.TAG_BYTES);
    }

    /**
     * Opens a box, which stays as it is.
     *
     * @param box bytes and tag, between position and limit
     * @param offset of the box in the file
     * @return the bytes, valid until the next call; null when this is not the box that was sealed for this place
     */
    public ByteBuffer open(ByteBuffer box, long offset, Part part) {
        int length = box.remaining() - Aead.TAG_BYTES;
        begin(box.remaining(), offset, part);
        buffer.put(CONTENT, box, box.position(), box.remaining());
        return aead.open(buffer, 0, CONTENT, length) ? buffer.slice(CONTENT, length) : null;
    }

    private void begin(int boxBytes, long offset, Part part) {
        if (buffer.capacity() < CONTENT + boxBytes) {
            buffer = ByteBuffer.allocateDirect(CONTENT + boxBytes);
        }
        buffer.putLong(0, offset).putInt(Long.BYTES, part.code);
    }

    @Override
    public void close() {
        aead.close();
    }
}
