package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.imgblstr.disk.device.DeviceException;

/** Reads structures of a volume whose places come from the volume itself, and so may be nonsense. */
public final class VolumeBytes {
    /** Longest structure read at once: bounds what a damaged length field can cost. */
    static final int MAX_BYTES = 16 << 20;

    private VolumeBytes() {}

    /**
     * {@code length} bytes at {@code offset}, positioned at 0.
     *
     * @param what names the structure in the message, for example "group descriptors"
     * @throws UnsureException when the range leaves the volume or is longer than {@link #MAX_BYTES}
     */
    static ByteBuffer read(BlockSource volume, long offset, long length, ByteOrder order, String what)
            throws UnsureException, DeviceException {
        if (length < 0 || length > MAX_BYTES || offset < 0 || offset > volume.sizeBytes() - length) {
            throw new UnsureException(
                    what + " outside the volume: " + length + " bytes at " + offset + " of " + volume.sizeBytes());
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length).order(order);
        volume.read(offset, bytes);
        return bytes.flip();
    }

    /** {@link #read} in little-endian order. */
    public static ByteBuffer little(BlockSource volume, long offset, long length, String what)
            throws UnsureException, DeviceException {
        return read(volume, offset, length, ByteOrder.LITTLE_ENDIAN, what);
    }

    /** {@link #read} in big-endian order. */
    public static ByteBuffer big(BlockSource volume, long offset, long length, String what)
            throws UnsureException, DeviceException {
        return read(volume, offset, length, ByteOrder.BIG_ENDIAN, what);
    }

    /** Whether the volume has exactly these bytes at {@code offset}; false when it is too short for them. */
    public static boolean matches(BlockSource volume, long offset, byte[] expected) throws DeviceException {
        if (offset < 0 || offset > volume.sizeBytes() - expected.length) {
            return false;
        }
        ByteBuffer found = ByteBuffer.allocate(expected.length);
        volume.read(offset, found);
        return found.flip().equals(ByteBuffer.wrap(expected));
    }
}
