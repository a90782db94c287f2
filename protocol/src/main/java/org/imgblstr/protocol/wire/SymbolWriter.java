package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Writes datagrams of Sector Data one behind the other into one buffer, as UDP segmentation offload wants them. Made to be used again for the
 * next buffer; allocates nothing when that is no slice. One thread. Source: docs/protocol.md, section 3.4.
 */
public final class SymbolWriter {
    private final BufferView view = new BufferView();
    private ByteBuf out;
    private int session;
    private int moreBytes;
    private long track;
    /** k and generation, where they are in the third word. */
    private long encoding;

    private int end;

    /**
     * Begins at the writer index of {@code buffer}, which moves behind the datagrams with {@link #finish}.
     *
     * @param buffer has room for all datagrams that will be appended, in one piece of memory
     * @param sessionBits low 32 bits of the session id
     * @throws IllegalArgumentException when the buffer consists of several pieces
     */
    public SymbolWriter start(ByteBuf buffer, int sessionBits) {
        return start(buffer, sessionBits, 0);
    }

    /** As {@link #start(ByteBuf, int)}. {@code more}: bytes that stay free behind each datagram for its seal, which then has no CRC-32C; or 0. */
    public SymbolWriter start(ByteBuf buffer, int sessionBits, int more) {
        if (buffer.nioBufferCount() != 1) {
            throw new IllegalArgumentException("buffer: expected 1 piece of memory, found " + buffer.nioBufferCount());
        }
        out = buffer;
        session = sessionBits;
        moreBytes = more;
        end = buffer.writerIndex();
        view.lookAt(buffer, buffer.capacity());
        return this;
    }

    /**
     * Says which track the datagrams that follow are of.
     *
     * @param k source symbols of the track, 1 to 224
     * @param generation which encoding of it
     */
    public SymbolWriter track(int number, int k, int generation) {
        track = number & 0xFFFF_FFFFL;
        encoding = ((long) k << 32) | ((long) generation << 24);
        return this;
    }

    /**
     * Appends one whole datagram.
     *
     * @param flush whether it is the last datagram of the track in this pass or repair
     * @param symbol 0 to k-1 source, k to 255 parity
     * @param planned parity symbols of the track still queued
     * @param payload holds the symbol; position and limit are neither used nor changed
     * @param payloadOffset index in {@code payload} of its first byte
     * @throws IndexOutOfBoundsException when the buffer has no room for it
     */
    public void append(
            int sequence,
            boolean flush,
            int symbol,
            int planned,
            ByteBuffer payload,
            int payloadOffset,
            int payloadBytes) {
        CommandType type = flush ? CommandType.SECTOR_DATA_AND_FLUSH : CommandType.SECTOR_DATA;
        int start = (CommandFlyweight.MAGIC_VALUE << 16) | (CommandFlyweight.VERSION_VALUE << 8) | type.code();
        // In three words: each access has its price, and there are hundreds of thousands of datagrams a second.
        view.setLong(end, ((long) start << 32) | (session & 0xFFFF_FFFFL));
        view.setLong(end + CommandFlyweight.SEQUENCE, ((long) sequence << 32) | track);
        view.setLong(end + SectorDataFlyweight.SYMBOL, ((long) symbol << 48) | encoding | planned);
        view.copyFrom(payload, payloadOffset, end + SectorDataFlyweight.PAYLOAD, payloadBytes);
        int trailer = SectorDataFlyweight.PAYLOAD + payloadBytes;
        if (moreBytes == 0) {
            view.setInt(end + trailer, view.crc32c(end, trailer));
        }
        end += trailer + CommandFlyweight.TRAILER_BYTES + moreBytes;
    }

    /** Ends the buffer behind what was appended. */
    public ByteBuf finish() {
        return out.writerIndex(end);
    }
}
