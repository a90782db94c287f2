package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/**
 * CRC-32C of a stretch of a buffer without garbage. The bytes go through a small array of the thread: a view of a received slice as a
 * {@code ByteBuffer} would cost an object for each datagram, and copying 1.4 KiB costs less than checking it.
 */
final class DatagramChecksum {
    private static final ThreadLocal<DatagramChecksum> OF_THREAD = ThreadLocal.withInitial(DatagramChecksum::new);

    /** One Ethernet datagram in one piece; longer ones in several. */
    private static final int PIECE_BYTES = 2048;

    private final CRC32C crc = new CRC32C();
    private final byte[] piece = new byte[PIECE_BYTES];

    private DatagramChecksum() {}

    static int of(ByteBuf buffer, int offset, int length) {
        return OF_THREAD.get().update(buffer, offset, length);
    }

    private int update(ByteBuf buffer, int offset, int length) {
        crc.reset();
        for (int done = 0; done < length; done += PIECE_BYTES) {
            int bytes = Math.min(PIECE_BYTES, length - done);
            buffer.getBytes(offset + done, piece, 0, bytes);
            crc.update(piece, 0, bytes);
        }
        return (int) crc.getValue();
    }
}
