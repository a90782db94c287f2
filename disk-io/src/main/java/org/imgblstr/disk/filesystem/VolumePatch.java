package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;

/**
 * Bytes of a volume or a disk that become others; those of one list do not overlap. Immutable.
 *
 * @param offset first byte in the volume, a multiple of {@link #UNIT_BYTES}
 * @param bytes from position 0 to limit, a multiple of {@link #UNIT_BYTES}
 */
public record VolumePatch(long offset, ByteBuffer bytes) {
    /** What boot sectors and their companions are long, whatever the sectors of the disk. */
    public static final int UNIT_BYTES = 512;

    public VolumePatch {
        bytes = bytes.asReadOnlyBuffer();
        if (offset % UNIT_BYTES != 0 || bytes.limit() % UNIT_BYTES != 0) {
            throw new IllegalArgumentException(
                    "patch: expected multiples of " + UNIT_BYTES + ", found " + bytes.limit() + " at " + offset);
        }
    }

    /** The bytes, as a buffer of its own to read from. */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }
}
