package org.imgblstr.disk.filesystem.bitlocker;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;
import org.imgblstr.disk.filesystem.encrypted.EncryptedLayout;
import org.imgblstr.disk.filesystem.encrypted.EncryptedLayout.Range;
import org.imgblstr.disk.filesystem.encrypted.EncryptedLayout.Segment;
import org.imgblstr.disk.filesystem.encrypted.KeyArea;
import org.imgblstr.disk.filesystem.encrypted.SectorCipher;

/**
 * Boot sector and metadata of a BitLocker volume, which contradict each other in nothing. Only a volume that is encrypted from its first byte to its
 * end is understood, and only when all three metadata blocks are sound and the same.
 */
final class BitlockerHeader {
    /** Metadata blocks of a volume. */
    static final int COPIES = 3;

    /** What may be missing at the end of what is encrypted: Windows counts in clusters, of at most this size. */
    private static final long MOST_TAIL_BYTES = 64 << 10;

    private static final String METADATA = "BitLocker: metadata";

    private final int sectorBytes;
    private final MetadataBlock metadata;
    private final KeyArea area;

    private BitlockerHeader(int sectorBytes, MetadataBlock metadata, KeyArea area) {
        this.sectorBytes = sectorBytes;
        this.metadata = metadata;
        this.area = area;
    }

    static BitlockerHeader read(BlockSource volume) throws UnsureException, DeviceException {
        ByteBuffer first = VolumeBytes.little(volume, 0, BootSector.BYTES, "BitLocker: boot sector");
        BootSector boot = BootSector.of(first);
        List<KeyArea.Piece> pieces = new ArrayList<>();
        pieces.add(new KeyArea.Piece(0, first));
        ByteBuffer sound = null;
        MetadataBlock metadata = null;
        for (long place : boot.metadata()) {
            ByteBuffer block = VolumeBytes.little(volume, place, MetadataBlock.BYTES, METADATA);
            ByteBuffer covered = MetadataBlock.sound(block);
            require(sound == null || sound.equals(covered), "its metadata blocks differ");
            sound = covered;
            metadata = metadata == null ? MetadataBlock.of(block, boot.sectorBytes()) : metadata;
            pieces.add(new KeyArea.Piece(place, block));
        }
        require(
                metadata != null && metadata.blocks().equals(boot.metadata()),
                "its metadata blocks are said to be elsewhere");
        BitlockerHeader header =
                new BitlockerHeader(boot.sectorBytes(), metadata, new KeyArea("BitLocker", "bitlkDump", pieces));
        header.requireRoom(volume.sizeBytes());
        return header;
    }

    /** All ranges are whole sectors of what is encrypted, and no two overlap. */
    private void requireRoom(long volumeBytes) throws UnsureException {
        long bytes = metadata.encryptedBytes();
        require(
                bytes >= 0 && bytes <= volumeBytes && volumeBytes - bytes < MOST_TAIL_BYTES && bytes % sectorBytes == 0,
                "only " + Long.toUnsignedString(bytes) + " bytes of " + volumeBytes + " are encrypted");
        Range moved = metadata.moved();
        require(
                moved.length() > 0 && moved.length() <= bytes / 2 && moved.length() % sectorBytes == 0,
                "it has moved " + moved.length() + " bytes");
        long end = moved.length();
        for (Range range : hidden()) {
            require(
                    range.first() >= end && range.first() <= bytes - range.length() && range.first() % sectorBytes == 0,
                    "its metadata overlaps other data");
            end = range.end();
        }
    }

    /** Metadata blocks and moved sectors, which show zeros within, the first one first. */
    private List<Range> hidden() {
        List<Range> hidden = new ArrayList<>();
        for (long block : metadata.blocks()) {
            hidden.add(new Range(block, MetadataBlock.BYTES));
        }
        hidden.add(metadata.moved());
        hidden.sort(Comparator.comparingLong(Range::first));
        return hidden;
    }

    KeyArea area() {
        return area;
    }

    /** The first sectors come from where they were moved to; metadata and moved sectors show zeros; the rest lies where it is. */
    EncryptedLayout layout(long volumeBytes) {
        Range moved = metadata.moved();
        List<Segment> segments = new ArrayList<>();
        List<Range> kept = new ArrayList<>();
        segments.add(new Segment(0, moved.length(), moved.first()));
        kept.add(new Range(0, moved.length()));
        long at = moved.length();
        for (Range range : hidden()) {
            if (range.first() > at) {
                segments.add(new Segment(at, range.first() - at, at));
            }
            segments.add(new Segment(range.first(), range.length(), EncryptedLayout.NOWHERE));
            kept.add(range);
            at = range.end();
        }
        if (metadata.encryptedBytes() > at) {
            segments.add(new Segment(at, metadata.encryptedBytes() - at, at));
        }
        kept.add(new Range(metadata.encryptedBytes(), volumeBytes - metadata.encryptedBytes()));
        return new EncryptedLayout(sectorBytes, segments, kept);
    }

    SectorCipher cipher(byte[] key) throws GeneralSecurityException {
        return metadata.encryption().cipher(key, sectorBytes);
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("BitLocker: " + otherwise);
        }
    }
}
