package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.SymbolRun;

/** What the master has sent, on its way to one slave or to all: a command, or a batch of data that was checked. Any thread. */
final class Arrival {
    /** How the data of a session is read: S, how much longer its datagrams are on the wire, and the tracks that there may be. */
    record Layout(int symbolBytes, int moreBytes, int tracks) {}

    private final long arrivalNs;
    private final ByteBuf command;
    private final RoomSlave only;
    private final List<SymbolRun> runs = new ArrayList<>();
    private AtomicLongArray lost;

    /** Of data: which key has sealed it; 0 in an open session. */
    private int key;

    /** Of data that slaves open themselves, as it was sent; else null. */
    private ByteBuf sealed;

    private int datagramBytes;

    private Arrival(long arrivalNs, ByteBuf command, RoomSlave only) {
        this.arrivalNs = arrivalNs;
        this.command = command;
        this.only = only;
    }

    /** {@code only}: null for a command to all. */
    static Arrival ofCommand(long arrivalNs, ByteBuf command, RoomSlave only) {
        ByteBuf copy = Unpooled.copiedBuffer(command).asReadOnly();
        command.release();
        return new Arrival(arrivalNs, copy, only);
    }

    /**
     * Datagrams that must all be valid Sector Data, and tagged in a sealed session.
     *
     * @param datagramBytes of each, the last perhaps shorter
     * @param openedKey key of which every slave has opened a datagram: what that has sealed is not opened by each slave
     */
    static Arrival ofData(long arrivalNs, ByteBuf datagrams, int datagramBytes, Layout layout, int openedKey) {
        Arrival arrival = new Arrival(arrivalNs, null, null);
        arrival.datagramBytes = datagramBytes;
        arrival.key = Datagram.keyNibble(datagrams, datagrams.readerIndex());
        boolean isSealed = layout.moreBytes() > 0;
        DatagramBatch batch = isSealed ? opened(datagrams, datagramBytes, layout) : open(datagrams, datagramBytes);
        for (int first = 0; first < batch.count(); ) {
            SymbolRun run = new SymbolRun();
            if (!batch.isSound(first) || !run.read(batch, first, layout.tracks(), layout.symbolBytes())) {
                throw new AssertionError("the master sent what is no Sector Data");
            }
            arrival.runs.add(run);
            first += run.count();
        }
        arrival.lost = new AtomicLongArray(arrival.runs.size());
        if (arrival.key != openedKey) {
            arrival.sealed = Unpooled.copiedBuffer(datagrams).asReadOnly();
        }
        datagrams.release(); // nobody looks at the bytes any more
        return arrival;
    }

    private static DatagramBatch open(ByteBuf datagrams, int datagramBytes) {
        DatagramBatch batch = new DatagramBatch().start(datagrams);
        batch.addSegments(datagrams.readerIndex(), datagrams.writerIndex(), datagramBytes);
        return batch;
    }

    private static DatagramBatch opened(ByteBuf datagrams, int datagramBytes, Layout layout) {
        DatagramBatch batch = new DatagramBatch().startOpened(datagrams);
        int end = datagrams.writerIndex();
        for (int at = datagrams.readerIndex(); at < end; at += datagramBytes) {
            int length = Math.min(datagramBytes, end - at);
            if (!CountedSealing.isTagged(datagrams, at, length)) {
                throw new AssertionError("the master sent data that is not sealed");
            }
            batch.add(at, length - layout.moreBytes());
        }
        return batch;
    }

    long arrivalNs() {
        return arrivalNs;
    }

    /** Of data: which key has sealed it; 0 in an open session, and of a command. */
    int key() {
        return key;
    }

    /** Symbols of tracks from {@code endTrack} on. */
    int symbolsBehind(int endTrack) {
        int symbols = 0;
        for (SymbolRun run : runs) {
            symbols += run.track() >= endTrack ? run.count() : 0;
        }
        return symbols;
    }

    void arriveAt(RoomSlave slave) {
        if (command != null) {
            if (only == null || only == slave) {
                slave.onCommand(command.duplicate(), arrivalNs);
            }
            return;
        }
        int first = 0;
        for (int i = 0; i < runs.size(); i++) {
            long mask = slave.onSymbols(runs.get(i), this, first);
            if (mask != 0) {
                lost.accumulateAndGet(i, mask, (a, b) -> a | b);
            }
            first += runs.get(i).count();
        }
    }

    /** Puts datagrams of data as they were sent into a batch. */
    DatagramBatch sealed(DatagramBatch into, int first, int count) {
        DatagramBatch batch = into.start(sealed.duplicate());
        int begin = first * datagramBytes;
        batch.addSegments(begin, Math.min(begin + count * datagramBytes, sealed.writerIndex()), datagramBytes);
        return batch;
    }

    /** Datagrams of data that at least one slave has lost so far. */
    int lostByAny() {
        int count = 0;
        for (int i = 0; i < runs.size(); i++) {
            count += Long.bitCount(lost.get(i));
        }
        return count;
    }
}
