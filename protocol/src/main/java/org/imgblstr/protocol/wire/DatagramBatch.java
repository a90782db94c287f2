package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Datagrams that one read of a socket brought: places in one buffer, in the order of their arrival. Made to be filled again, so that a
 * datagram leaves no garbage. The buffer is not retained: a batch is used up when the call that brought it returns. One thread.
 */
public final class DatagramBatch {
    /** What the kernel coalesces or hands over in one call at most; more makes the lists grow. */
    private static final int USUAL_DATAGRAMS = 64;

    private final BufferView view = new BufferView();
    private ByteBuf buffer;
    private int[] offsets = new int[USUAL_DATAGRAMS];
    private int[] lengths = new int[USUAL_DATAGRAMS];
    private int count;
    private boolean isOpened;

    /** Empties the batch; what is added next lies in {@code newBuffer}, below its writer index. */
    public DatagramBatch start(ByteBuf newBuffer) {
        buffer = newBuffer;
        count = 0;
        isOpened = false;
        return this;
    }

    /** As {@link #start}, for datagrams that were sealed and are opened: no CRC stands behind them, as a tag has held. */
    public DatagramBatch startOpened(ByteBuf newBuffer) {
        start(newBuffer);
        isOpened = true;
        return this;
    }

    /** Adds a datagram of {@code length} bytes at index {@code offset}. */
    public void add(int offset, int length) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        offsets[count] = offset;
        lengths[count++] = length;
    }

    /** Adds datagrams that lie one after the other from {@code offset} to {@code end}: {@code segmentBytes} each, the last perhaps less. */
    public void addSegments(int offset, int end, int segmentBytes) {
        for (int at = offset; at < end; at += segmentBytes) {
            add(at, Math.min(segmentBytes, end - at));
        }
    }

    public ByteBuf buffer() {
        return buffer;
    }

    /** Of the buffer, up to its writer index; the same one each time. */
    BufferView view() {
        view.lookAt(buffer, buffer.writerIndex());
        return view;
    }

    /** Datagrams in the batch. */
    public int count() {
        return count;
    }

    /** Index in the buffer of a datagram's first byte. */
    public int offset(int index) {
        return offsets[index];
    }

    public int length(int index) {
        return lengths[index];
    }

    /** {@link Datagram#isSound(ByteBuf, int, int)} of one of them. */
    public boolean isSound(int index) {
        return isOpened
                ? Datagram.isSoundWhenOpened(buffer, offsets[index], lengths[index])
                : Datagram.isSound(buffer, offsets[index], lengths[index]);
    }

    /** Whether its datagrams were sealed and are opened. */
    boolean isOpened() {
        return isOpened;
    }

    /** {@link Datagram#isOfOtherVersion} of one of them. */
    public boolean isOfOtherVersion(int index) {
        return Datagram.isOfOtherVersion(buffer, offsets[index], lengths[index]);
    }

    /** The command of a sound one. */
    public CommandType command(int index) {
        return Datagram.command(buffer, offsets[index]);
    }

    /** Low 32 bits of the session id of a sound one. */
    public int session(int index) {
        return Datagram.session(buffer, offsets[index]);
    }
}
