package org.imgblstr.disk.device;

import java.nio.ByteBuffer;

/** Direct buffers that start on a page, as direct I/O wants them. */
public final class AlignedBuffers {
    /** Alignment of address, offset and length that every block device takes. */
    public static final int ALIGNMENT = 4096;

    /** Bytes of the buffer that a thread keeps for transfers that are not aligned: one track and a page at each end. */
    private static final int BOUNCE_BYTES = 256 * 1024 + 2 * ALIGNMENT;

    private static final ThreadLocal<ByteBuffer> BOUNCE = ThreadLocal.withInitial(() -> allocate(BOUNCE_BYTES));

    private AlignedBuffers() {}

    /** A direct buffer of {@code bytes} bytes of which the one at index {@code lead}, 0 to 4095, lies on a page. */
    public static ByteBuffer allocate(int bytes, int lead) {
        return allocate(Math.addExact(bytes, ALIGNMENT - lead)).slice(ALIGNMENT - lead, bytes);
    }

    /** A direct buffer of {@code bytes} bytes whose first byte lies on a page. */
    public static ByteBuffer allocate(int bytes) {
        int wholePages = Math.toIntExact(up(bytes));
        ByteBuffer aligned =
                ByteBuffer.allocateDirect(Math.addExact(wholePages, ALIGNMENT)).alignedSlice(ALIGNMENT);
        return aligned.limit(bytes).slice();
    }

    /** This thread's own aligned buffer, cleared. */
    static ByteBuffer bounce() {
        return BOUNCE.get().clear();
    }

    /** Whether {@code buffer} from its position on may go to the device as it is. */
    static boolean fits(long offset, ByteBuffer buffer) {
        return offset % ALIGNMENT == 0 && buffer.remaining() % ALIGNMENT == 0 && isOnPage(buffer, buffer.position());
    }

    /** Whether the byte at an index of the buffer lies on a page. */
    public static boolean isOnPage(ByteBuffer buffer, int index) {
        return buffer.isDirect() && buffer.alignmentOffset(index, ALIGNMENT) == 0;
    }

    public static long down(long offset) {
        return offset - offset % ALIGNMENT;
    }

    public static long up(long offset) {
        return down(offset + ALIGNMENT - 1);
    }
}
