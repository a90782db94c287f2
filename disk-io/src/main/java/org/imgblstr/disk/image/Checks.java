package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.imgblstr.codec.MalformedTrackException;

/** The two checks of the format. */
final class Checks {
    static final int SHA256_BYTES = 32;

    private Checks() {}

    /** A fault in an encoded track that begins at {@code offset} of the file. */
    static MalformedImageException malformed(String path, long offset, int track, MalformedTrackException fault) {
        return new MalformedImageException(
                path, offset + fault.offset(), "track " + track + " with " + fault.expected(), fault.found(), fault);
    }

    /** CRC-32C of bytes {@code from} to {@code from + length} of a buffer, whose position stays. */
    static int crc32c(ByteBuffer buffer, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(from, length));
        return (int) crc.getValue();
    }
}
