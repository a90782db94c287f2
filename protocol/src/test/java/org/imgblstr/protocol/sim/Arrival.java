package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.SymbolRun;

/** What the master has sent, on its way to one slave or to all: a command, or a batch of data that was checked. Any thread. */
final class Arrival {
    private final long arrivalNs;
    private final ByteBuf command;
    private final RoomSlave only;
    private final List<SymbolRun> runs = new ArrayList<>();
    private AtomicLongArray lost;

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

    /** Datagrams of {@code datagramBytes} each, the last perhaps shorter, that must all be valid Sector Data. */
    static Arrival ofData(long arrivalNs, ByteBuf datagrams, int datagramBytes, int tracks) {
        Arrival arrival = new Arrival(arrivalNs, null, null);
        DatagramBatch batch = new DatagramBatch().start(datagrams);
        batch.addSegments(datagrams.readerIndex(), datagrams.writerIndex(), datagramBytes);
        for (int first = 0; first < batch.count(); ) {
            SymbolRun run = new SymbolRun();
            if (!batch.isSound(first) || !run.read(batch, first, tracks, Room.SYMBOL_BYTES)) {
                throw new AssertionError("the master sent what is no Sector Data");
            }
            arrival.runs.add(run);
            first += run.count();
        }
        arrival.lost = new AtomicLongArray(arrival.runs.size());
        datagrams.release(); // nobody looks at the bytes any more
        return arrival;
    }

    long arrivalNs() {
        return arrivalNs;
    }

    void arriveAt(RoomSlave slave) {
        if (command != null) {
            if (only == null || only == slave) {
                slave.onCommand(command.duplicate(), arrivalNs);
            }
            return;
        }
        for (int i = 0; i < runs.size(); i++) {
            long mask = slave.onSymbols(runs.get(i), arrivalNs);
            if (mask != 0) {
                lost.accumulateAndGet(i, mask, (a, b) -> a | b);
            }
        }
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
