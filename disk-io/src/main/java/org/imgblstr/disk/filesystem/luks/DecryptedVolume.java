package org.imgblstr.disk.filesystem.luks;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.sealing.primitive.XtsCipher;

/** What lies within a LUKS volume, decrypted where it is read. One thread. */
final class DecryptedVolume implements BlockSource {
    private static final int LEGACY_SECTOR = 512;

    /** What is decrypted at once. */
    private static final int PIECE_BYTES = 256 << 10;

    private final BlockSource below;
    private final LuksHeader header;
    private final XtsCipher cipher;
    private final long sizeBytes;

    DecryptedVolume(BlockSource below, LuksHeader header, XtsCipher cipher) {
        this.below = below;
        this.header = header;
        this.cipher = cipher;
        long bytes = below.sizeBytes() - header.dataOffset();
        this.sizeBytes = bytes / header.sectorBytes() * header.sectorBytes();
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return Math.max(below.sectorBytes(), header.sectorBytes());
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        if (offset < 0 || offset > sizeBytes - into.remaining()) {
            throw new DeviceException("read at " + offset + " leaves the decrypted volume of " + sizeBytes, 0, null);
        }
        int sector = header.sectorBytes();
        long at = offset;
        while (into.hasRemaining()) {
            long first = at / sector * sector;
            int length = (int) Math.min(PIECE_BYTES, roundedUp(at + into.remaining(), sector) - first);
            byte[] piece = decrypted(first, length);
            int skipped = (int) (at - first);
            int count = Math.min(into.remaining(), length - skipped);
            into.put(piece, skipped, count);
            at += count;
        }
    }

    private static long roundedUp(long bytes, int sector) {
        return (bytes + sector - 1) / sector * sector;
    }

    private byte[] decrypted(long first, int length) throws DeviceException {
        ByteBuffer piece = ByteBuffer.allocate(length);
        below.read(header.dataOffset() + first, piece);
        byte[] bytes = piece.array();
        try {
            for (int at = 0; at < length; at += header.sectorBytes()) {
                long number = header.firstTweak() + (first + at) / LEGACY_SECTOR;
                cipher.decrypt(bytes, at, header.sectorBytes(), number);
            }
        } catch (GeneralSecurityException e) {
            throw new DeviceException("cannot be decrypted: " + e.getMessage(), 0, e);
        }
        return bytes;
    }
}
