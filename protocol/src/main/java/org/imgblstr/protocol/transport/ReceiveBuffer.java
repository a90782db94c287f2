package org.imgblstr.protocol.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.nio.ByteBuffer;
import org.imgblstr.protocol.wire.DatagramBatch;

/**
 * The one buffer that all reads of a transport's native sockets go into, again and again. Netty cuts what a read brought into slices, with
 * a packet and a view for each datagram. This buffer notes where they lie instead and hands out itself: for what the kernel has
 * coalesced only once, so that one packet stands for all of it. On the loop only.
 *
 * <p>Nobody may keep it: retain and release do nothing. Where Netty cut in another way than by the two methods below, it would be given
 * slices that are sound, and copies of {@link Receiver} would see single datagrams.
 */
final class ReceiveBuffer extends UnpooledDirectByteBuf {
    private final DatagramBatch slices = new DatagramBatch();
    private int segmentBytes;
    private int taken;

    ReceiveBuffer(int bytes) {
        super(UnpooledByteBufAllocator.DEFAULT, ByteBuffer.allocateDirect(bytes), bytes);
    }

    /** Empties it for the next read. */
    ReceiveBuffer start() {
        setIndex(0, 0);
        slices.start(this);
        segmentBytes = 0;
        taken = 0;
        return this;
    }

    /**
     * Adds the next packet of the read to {@code batch}: one datagram, or all datagrams that the kernel has coalesced.
     */
    void takeNext(DatagramBatch batch) {
        int offset = slices.offset(taken);
        int length = slices.length(taken++);
        if (segmentBytes > 0) {
            batch.addSegments(offset, offset + length, segmentBytes);
        } else {
            batch.add(offset, length);
        }
    }

    /** Whether packets of the read are yet to come. */
    boolean hasMore() {
        return taken < slices.count();
    }

    /** Whether the kernel has coalesced datagrams in this read. */
    boolean isCoalesced() {
        return segmentBytes > 0 && segmentBytes < slices.length(0);
    }

    /** Datagrams, or coalesced ones, of this read. */
    int packets() {
        return slices.count();
    }

    /** What Netty makes of each message of a read. */
    @Override
    public ByteBuf retainedSlice(int index, int length) {
        slices.add(index, length);
        return this;
    }

    /** What Netty cuts a message into that the kernel has coalesced, until nothing is left. */
    @Override
    public ByteBuf readRetainedSlice(int length) {
        segmentBytes = length;
        readerIndex(writerIndex());
        return this;
    }

    @Override
    public ByteBuf retain() {
        return this;
    }

    @Override
    public ByteBuf retain(int increment) {
        return this;
    }

    @Override
    public boolean release() {
        return false;
    }

    @Override
    public boolean release(int decrement) {
        return false;
    }
}
