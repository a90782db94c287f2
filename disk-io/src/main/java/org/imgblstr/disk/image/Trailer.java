package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.imgblstr.disk.image.sealed.ImageLayout;

/**
 * The last 160 bytes of an image file. Source: docs/image-format.md, section 5.
 * <pre>
 *   0       8            12           16           20             24                 28
 *   | magic | trackCount | dataTracks | zeroTracks | unusedTracks | unreadableTracks | indexRecords |
 *   32          40             48                56          64        80              112
 *   | usedBytes | encodedBytes | directoryOffset | fileBytes | imageId | contentDigest | fileDigest |
 *   144             148                 156   160
 *   | partialTracks | unreadableSectors | crc |
 * </pre>
 */
final class Trailer {
    static final int BYTES = 160;

    /** "IMGBLEND". */
    static final long MAGIC = 0x494D47424C454E44L;

    /** The file digest covers the trailer up to itself. */
    static final int DIGESTED_BYTES = 112;

    private static final int TRACK_COUNT = 8;
    private static final int DATA_TRACKS = 12;
    private static final int ZERO_TRACKS = 16;
    private static final int UNUSED_TRACKS = 20;
    private static final int UNREADABLE_TRACKS = 24;
    private static final int INDEX_RECORDS = 28;
    private static final int USED_BYTES = 32;
    private static final int ENCODED_BYTES = 40;
    private static final int DIRECTORY_OFFSET = 48;
    private static final int FILE_BYTES = 56;
    private static final int IMAGE_ID = 64;
    static final int CONTENT_DIGEST = 80;
    static final int FILE_DIGEST = DIGESTED_BYTES;
    private static final int PARTIAL_TRACKS = 144;
    private static final int UNREADABLE_SECTORS = 148;
    private static final int CRC = 156;

    private final ByteBuffer bytes;

    private Trailer(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The trailer without its file digest and CRC, which {@link #seal} adds. */
    static Trailer of(
            UUID imageId,
            TrackCounts counts,
            int indexRecords,
            long directoryOffset,
            byte[] contentDigest,
            ImageLayout layout) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(0, MAGIC).putInt(TRACK_COUNT, counts.tracks());
        bytes.putInt(DATA_TRACKS, counts.dataTracks()).putInt(ZERO_TRACKS, counts.zeroTracks());
        bytes.putInt(UNUSED_TRACKS, counts.unusedTracks())
                .putInt(UNREADABLE_TRACKS, counts.unreadable().tracks());
        bytes.putInt(PARTIAL_TRACKS, counts.unreadable().partialTracks())
                .putLong(UNREADABLE_SECTORS, counts.unreadable().sectors());
        bytes.putInt(INDEX_RECORDS, indexRecords);
        bytes.putLong(USED_BYTES, counts.usedBytes()).putLong(ENCODED_BYTES, counts.encodedBytes());
        bytes.putLong(DIRECTORY_OFFSET, directoryOffset);
        bytes.putLong(FILE_BYTES, endOfDirectory(directoryOffset, indexRecords, layout) + endBytes(layout));
        bytes.putLong(IMAGE_ID, imageId.getMostSignificantBits());
        bytes.putLong(IMAGE_ID + Long.BYTES, imageId.getLeastSignificantBits());
        bytes.put(CONTENT_DIGEST, contentDigest, 0, Checks.SHA256_BYTES);
        return new Trailer(bytes);
    }

    private static long endOfDirectory(long directoryOffset, int indexRecords, ImageLayout layout) {
        return directoryOffset + layout.boxBytes(RecordHeader.BYTES) + layout.boxBytes(indexRecords * Long.BYTES);
    }

    /** Bytes of the file from the trailer on. */
    static int endBytes(ImageLayout layout) {
        return layout.boxBytes(BYTES) + layout.signatureBytes();
    }

    /** Looks at 160 bytes from position 0 of {@code bytes} on. */
    static Trailer wrap(ByteBuffer bytes) {
        return new Trailer(bytes);
    }

    /** What the file digest takes from the trailer. */
    ByteBuffer digested() {
        return bytes.slice(0, DIGESTED_BYTES);
    }

    void seal(byte[] fileDigest) {
        bytes.put(FILE_DIGEST, fileDigest, 0, Checks.SHA256_BYTES);
        bytes.putInt(CRC, Checks.crc32c(bytes, 0, CRC));
    }

    ByteBuffer bytes() {
        return bytes.slice(0, BYTES);
    }

    boolean hasMagic() {
        return bytes.getLong(0) == MAGIC;
    }

    int indexRecords() {
        return bytes.getInt(INDEX_RECORDS);
    }

    long directoryOffset() {
        return bytes.getLong(DIRECTORY_OFFSET);
    }

    long fileBytes() {
        return bytes.getLong(FILE_BYTES);
    }

    UUID imageId() {
        return new UUID(bytes.getLong(IMAGE_ID), bytes.getLong(IMAGE_ID + Long.BYTES));
    }

    byte[] contentDigest() {
        return digest(CONTENT_DIGEST);
    }

    byte[] fileDigest() {
        return digest(FILE_DIGEST);
    }

    ImageSummary summary() {
        TrackCounts counts = new TrackCounts(
                bytes.getInt(DATA_TRACKS),
                bytes.getInt(ZERO_TRACKS),
                bytes.getInt(UNUSED_TRACKS),
                new TrackCounts.Unreadable(
                        bytes.getInt(UNREADABLE_TRACKS),
                        bytes.getInt(PARTIAL_TRACKS),
                        bytes.getLong(UNREADABLE_SECTORS)),
                bytes.getLong(USED_BYTES),
                bytes.getLong(ENCODED_BYTES));
        return new ImageSummary(counts, fileBytes(), contentDigest(), fileDigest());
    }

    /**
     * Refuses a trailer that is damaged or is not that of an image with {@code imageId} and {@code trackCount} tracks.
     *
     * @param offset where the trailer is in the file
     */
    void check(String path, long offset, UUID imageId, int trackCount, ImageLayout layout)
            throws MalformedImageException {
        if (!hasMagic()) {
            throw new MalformedImageException(
                    path,
                    offset,
                    "the trailer of a complete image (IMGBLEND)",
                    "a file that is cut short or unfinished");
        }
        int crc = Checks.crc32c(bytes, 0, CRC);
        if (bytes.getInt(CRC) != crc) {
            throw new MalformedImageException(
                    path,
                    offset + CRC,
                    "trailer CRC 0x" + Integer.toHexString(crc),
                    "0x" + Integer.toHexString(bytes.getInt(CRC)));
        }
        expect(path, offset + IMAGE_ID, "image id", imageId, imageId());
        expect(path, offset + TRACK_COUNT, "track count", trackCount, bytes.getInt(TRACK_COUNT));
        expect(path, offset + INDEX_RECORDS, "index records", ImageLedger.chunkCount(trackCount), indexRecords());
        expect(path, offset + FILE_BYTES, "file bytes", offset + endBytes(layout), fileBytes());
        long directoryOffset = offset - endOfDirectory(0, indexRecords(), layout);
        expect(path, offset + DIRECTORY_OFFSET, "directory offset", directoryOffset, directoryOffset());
    }

    private static void expect(String path, long offset, String what, Object expected, Object found)
            throws MalformedImageException {
        if (!expected.equals(found)) {
            throw new MalformedImageException(path, offset, what + " " + expected, "" + found);
        }
    }

    private byte[] digest(int at) {
        byte[] digest = new byte[Checks.SHA256_BYTES];
        bytes.get(at, digest);
        return digest;
    }
}
