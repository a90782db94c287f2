package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.imgblstr.codec.TrackKind;

/**
 * View of the 64 bytes before the body of a record. Source: docs/image-format.md, section 3.
 * <pre>
 *   0       4      5      8            12           16          20     24              56     60    64
 *   | magic | type | zero | firstTrack | trackCount | bodyBytes | zero | SHA-256 body | zero | crc |
 * </pre>
 */
final class RecordHeader {
    static final int BYTES = 64;

    /** "IBRC". */
    static final int MAGIC = 0x49425243;

    static final int DATA = 1;
    static final int SKIP = 2;
    static final int INDEX = 3;
    static final int DIRECTORY = 4;

    /** As {@link #DATA}, of a track some of whose sectors could not be read. */
    static final int PARTIAL = 5;

    /** What each track of the chunk before it holds. */
    static final int DIGESTS = 6;

    /** Records of this type and above may be passed over by a reader that does not know them. */
    static final int OPTIONAL = 128;

    private static final int TYPE = 4;
    private static final int FIRST_TRACK = 8;
    private static final int TRACK_COUNT = 12;
    static final int BODY_BYTES = 16;
    private static final int SHA256 = 24;
    private static final int CRC = 60;

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES);

    /** Type of the record of an encoded track. */
    static int typeOf(TrackKind kind) {
        return kind == TrackKind.PARTIAL ? PARTIAL : DATA;
    }

    /** Copies 64 bytes from position 0 of {@code record} on. */
    void load(ByteBuffer record) {
        bytes.put(0, record, 0, BYTES);
    }

    /** Fills the header; {@code sha256} is that of the body. */
    void set(int type, int firstTrack, int trackCount, int bodyBytes, byte[] sha256) {
        bytes.putInt(0, MAGIC).putInt(TYPE, type << 24);
        bytes.putInt(FIRST_TRACK, firstTrack).putInt(TRACK_COUNT, trackCount).putInt(BODY_BYTES, bodyBytes);
        bytes.put(SHA256, sha256, 0, Checks.SHA256_BYTES);
        bytes.putInt(CRC, Checks.crc32c(bytes, 0, CRC));
    }

    /** A view of the 64 bytes. */
    ByteBuffer bytes() {
        return bytes.slice(0, BYTES);
    }

    boolean hasMagic() {
        return bytes.getInt(0) == MAGIC;
    }

    boolean isValid() {
        return hasMagic() && bytes.getInt(CRC) == Checks.crc32c(bytes, 0, CRC);
    }

    int type() {
        return Byte.toUnsignedInt(bytes.get(TYPE));
    }

    int firstTrack() {
        return bytes.getInt(FIRST_TRACK);
    }

    int trackCount() {
        return bytes.getInt(TRACK_COUNT);
    }

    int bodyBytes() {
        return bytes.getInt(BODY_BYTES);
    }

    byte[] sha256() {
        byte[] digest = new byte[Checks.SHA256_BYTES];
        bytes.get(SHA256, digest);
        return digest;
    }

    /** Whether the body is an encoded track. */
    boolean isTrack() {
        return type() == DATA || type() == PARTIAL;
    }

    /** Whether the SHA-256 is that of a body. */
    boolean isOf(ByteBuffer body) {
        return Arrays.equals(ImageWriter.digestOf(body), sha256());
    }

    /** Refuses what is not a record header. {@code offset}: where it is in the file. */
    void check(String path, long offset) throws MalformedImageException {
        if (!hasMagic()) {
            throw new MalformedImageException(
                    path, offset, "a record (IBRC)", "0x" + Integer.toHexString(bytes.getInt(0)));
        }
        if (!isValid()) {
            throw new MalformedImageException(
                    path,
                    offset + CRC,
                    "record header CRC 0x" + Integer.toHexString(Checks.crc32c(bytes, 0, CRC)),
                    "0x" + Integer.toHexString(bytes.getInt(CRC)));
        }
    }

    /** Refuses a header that is not exactly the one wanted. */
    void expect(String path, long offset, int type, int firstTrack, int trackCount) throws MalformedImageException {
        if (type() != type || firstTrack() != firstTrack || trackCount() != trackCount) {
            throw new MalformedImageException(
                    path, offset, describe(type, firstTrack, trackCount), describe(type(), firstTrack(), trackCount()));
        }
    }

    private static String describe(int type, int firstTrack, int trackCount) {
        return "record of type " + type + " with " + Integer.toUnsignedString(trackCount) + " tracks from "
                + Integer.toUnsignedString(firstTrack);
    }
}
