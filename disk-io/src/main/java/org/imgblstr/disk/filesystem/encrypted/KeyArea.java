package org.imgblstr.disk.filesystem.encrypted;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What cryptsetup needs of an encrypted volume to open a key slot. Immutable, as long as nobody writes to its buffers.
 *
 * @param kind of volume, for messages: {@code LUKS} or {@code BitLocker}
 * @param command of cryptsetup that tells the volume key
 * @param pieces bytes of the volume, at their places
 */
public record KeyArea(String kind, String command, List<Piece> pieces) {
    public KeyArea {
        pieces = List.copyOf(pieces);
    }

    /**
     * Adjacent bytes of a volume.
     *
     * @param offset of the first one
     * @param bytes from position 0 to limit
     */
    public record Piece(long offset, ByteBuffer bytes) {}
}
