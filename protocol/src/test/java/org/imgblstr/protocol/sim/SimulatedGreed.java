package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/**
 * Slaves that have joined and then ask for as much as they can: from the start on they say nothing but Resend Requests, 500 in a second each, by
 * which they follow well, get on, and lack nearly everything. No Done ends them.
 */
final class SimulatedGreed {
    private static final Duration PERIOD = Duration.ofMillis(2);

    /** As many records as a sealed request has room for. */
    private static final int RECORDS = 90;

    private final SimulatedLan lan;
    private final SimulatedMaster master;
    private final int trackCount;
    private final int symbols;
    private final boolean isShared;
    private final Map<SimulatedSlave, Integer> slaves = new HashMap<>();
    private int newest;
    private int sweep;
    private int asked;
    private boolean isSaying;

    /**
     * Of slaves that have been started on that LAN.
     *
     * @param symbols of each track that they say they lack
     * @param isShared whether all ask for the same tracks, and not each for its own
     */
    SimulatedGreed(
            SimulatedLan lan,
            SimulatedMaster master,
            int trackCount,
            int symbols,
            boolean isShared,
            List<SimulatedSlave> greedy) {
        this.lan = lan;
        this.master = master;
        this.trackCount = trackCount;
        this.symbols = symbols;
        this.isShared = isShared;
        greedy.forEach(slave -> slaves.put(slave, slaves.size()));
        lan.losing(this::filter);
        lan.after(PERIOD, this::ask);
    }

    /** Requests that were sent. */
    int asked() {
        return asked;
    }

    private boolean filter(SimulatedSlave slave, boolean isToMaster, CommandType command, byte[] datagram) {
        if (!slaves.containsKey(slave)) {
            return false;
        }
        if (!isToMaster && (command.isData() || command == CommandType.END_OF_DATA)) {
            newest = Math.max(newest, Datagram.sequence(Unpooled.wrappedBuffer(datagram), 0));
        }
        boolean isOwn = command == CommandType.RESEND_REQUEST || command == CommandType.DISCONNECT;
        return isToMaster ? isOwn && master.isUnderWay() && !isSaying : command == CommandType.DONE;
    }

    private void ask() {
        if (master.isUnderWay()) {
            slaves.forEach((slave, number) -> {
                if (slave.index() != 0) {
                    isSaying = true;
                    slave.says(request(slave, number));
                    isSaying = false;
                    asked++;
                }
            });
            sweep += RECORDS;
        }
        if (!master.isOver()) {
            lan.after(PERIOD, this::ask);
        }
    }

    private ByteBuf request(SimulatedSlave slave, int number) {
        boolean isCatchUp = master.state() == MasterState.CATCH_UP;
        int done = master.sendPosition() / 2;
        ByteBuf open = slave.allocate(Datagram.CONTROL_BYTES);
        ResendRequestFlyweight request = new ResendRequestFlyweight()
                .wrapForWriting(open, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .sequence(1)
                .slave(slave.index())
                .nonce(slave.nonce())
                .sequenceSeen(newest)
                .highest(master.sendPosition())
                .windowEnd(trackCount + 1000)
                .received(newest)
                .tracksDone(done)
                .tracksMissing(master.sendPosition() - done);
        int first = isCatchUp ? sweep % trackCount : Math.max(0, master.sendPosition() - lan.heldTracks());
        int generation = isCatchUp ? SectorDataFlyweight.ALONE : SectorDataFlyweight.LINK;
        for (int track = first; track < Math.min(first + RECORDS, master.sendPosition()); track++) {
            if (isShared || track % slaves.size() == number) {
                request.add(track, 1, symbols, generation);
            }
        }
        request.seal();
        return open;
    }
}
