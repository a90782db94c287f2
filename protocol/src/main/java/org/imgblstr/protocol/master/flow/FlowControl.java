package org.imgblstr.protocol.master.flow;

import org.imgblstr.protocol.master.membership.SlowLadder;
import org.imgblstr.protocol.master.sending.SymbolSize;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.ReportInterval;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.wire.Datagram;

/** Who the pass waits for: the window of the slowest slave, and what is on its way to it (docs/protocol.md, section 5). One thread. */
public final class FlowControl {
    /**
     * Half of what a slave's socket takes (16 MiB that the kernel counts double), because each datagram takes more
     * memory than its bytes.
     */
    private static final long UNSEEN_BYTES = 6 << 20;

    /** Longer than a busy machine keeps a program from its socket. */
    private static final long DEAF_NS = 3_000_000_000L;

    private final SymbolSize size;
    private final SlaveTable slaves;
    private final TrackSender sender;
    private final RateWatch rates;
    private final SlowLadder ladder;
    private final ReportInterval interval;

    public FlowControl(
            SymbolSize size,
            SlaveTable slaves,
            TrackSender sender,
            RateWatch rates,
            SlowLadder ladder,
            ReportInterval interval) {
        this.size = size;
        this.slaves = slaves;
        this.sender = sender;
        this.rates = rates;
        this.ladder = ladder;
        this.interval = interval;
    }

    /** Whether every slave that the pass waits for has room for data track number {@code dataSent}, in its slots and in its socket. */
    public boolean isWindowOpen(int dataSent, long nowNs) {
        long unseenLimit = unseenLimit();
        int open = 0;
        int blocking = 0;
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isPacing()) {
                boolean isBlocking = dataSent >= windowEnd(slave, nowNs) || isSocketFull(slave, unseenLimit, nowNs);
                slave.blocking(isBlocking);
                open += isBlocking ? 0 : 1;
                blocking += isBlocking ? 1 : 0;
            }
        }
        ladder.note(open > 0 && blocking > 0, nowNs);
        // If all slaves that answer have every track already (a comparison may have found this), no slave needs the
        // rest of the pass, but the pass must end.
        boolean isAnyServed = open > 0 || slaves.areAnsweringServed();
        return blocking == 0 && isAnyServed && !isAnyExpectedFull(unseenLimit, nowNs);
    }

    /**
     * In the catch-up whole tracks come in no order. No slave may be sent more whole tracks than it had room for at
     * its last report.
     */
    public boolean isRoomForTracks(long nowNs) {
        long unseenLimit = unseenLimit();
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isWaitedFor()
                    && !slave.isComplete()
                    && !isDeaf(slave, nowNs)
                    && (isSocketFull(slave, unseenLimit, nowNs)
                            || sender.begunAfter(slave.sequenceSeen()) >= Math.max(1, slave.freeSlots()))) {
                return false;
            }
        }
        return true;
    }

    /** Whole tracks that every slave which is waited for and not complete had room for at its last report, at least 1. */
    public int leastRoom(long nowNs) {
        int room = Integer.MAX_VALUE;
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isWaitedFor() && !slave.isComplete() && !isDeaf(slave, nowNs)) {
                room = Math.min(room, slave.freeSlots());
            }
        }
        return Math.max(1, room);
    }

    /** The newest datagram that every slave which the pass waits for has seen. */
    public int seenByAll() {
        int seen = sender.sequence();
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isPacing() && Datagram.isAfter(seen, slave.sequenceSeen())) {
                seen = slave.sequenceSeen();
            }
        }
        return seen;
    }

    /** The first track that is not on the disk of every slave that the pass waits for, as far as they have said; 0 when it waits for none. */
    public int goodForAll() {
        int first = Integer.MAX_VALUE;
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isPacing()) {
                first = Math.min(first, slave.goodUpTo());
            }
        }
        return first == Integer.MAX_VALUE ? 0 : first;
    }

    /** Whether a repair that is not a whole track would drown somebody that the pass waits for. */
    public boolean isAnySocketFull(long nowNs) {
        long unseenLimit = unseenLimit();
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isPacing() && isSocketFull(slave, unseenLimit, nowNs)) {
                return true;
            }
        }
        return isAnyExpectedFull(unseenLimit, nowNs);
    }

    /**
     * True when a slave has joined but not reported yet, and as many datagrams are on their way to this slave as its
     * socket surely holds.
     */
    private boolean isAnyExpectedFull(long unseenLimit, long nowNs) {
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isExpected(nowNs) && isSocketFull(slave, unseenLimit, nowNs)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSocketFull(SlaveEntry slave, long unseenLimit, long nowNs) {
        // In a large room reports are rare: a part of the data of one report interval would be too little.
        long own = interval.isShortest() ? slave.credit().of(unseenLimit) : unseenLimit;
        long limit = isOverdue(slave, nowNs) ? 2 * own : own;
        return sender.sequence() - slave.sequenceSeen() >= limit && !isDeaf(slave, nowNs);
    }

    /** First data track, counted by what was sent, that a slave has no room for, as far as that is known. */
    private long windowEnd(SlaveEntry slave, long nowNs) {
        boolean isOverdue = isOverdue(slave, nowNs);
        return slave.dataWindowEnd() + (isOverdue ? (long) slave.freeSlots() : 0);
    }

    /**
     * Whether the last report of a slave was lost, probably. In a large room one always is: if a thousand waited half a second for each, the
     * pass would take twice its time. So the slave is taken to have gone on as before for one report more; what it has no room for after
     * all comes in the catch-up.
     */
    private boolean isOverdue(SlaveEntry slave, long nowNs) {
        long intervalNs = interval.ns();
        return !interval.isShortest() && nowNs - slave.lastHeardNs() > intervalNs + intervalNs / 20;
    }

    /**
     * A slave that still reports, but has received nothing from the data group for 3 s, is deaf: something is sent there four times a second.
     * Waiting for such a slave would not help.
     */
    private static boolean isDeaf(SlaveEntry slave, long nowNs) {
        return nowNs - slave.lastDataNs() >= DEAF_NS;
    }

    /**
     * Datagrams that a slave may have yet to see: what its socket holds while its program is held up, or what is sent between two of its
     * reports when that is more. In a large room, where reports are seldom, that is reckoned from the rate that is allowed: from what was
     * sent, one pause would leave so little that the next reports, half a second later, could let it grow but slowly.
     */
    private long unseenLimit() {
        long bitsPerSecond = interval.isShortest() ? rates.sentBitsPerSecond() : rates.rate();
        long betweenReports = bitsPerSecond / 8000 * interval.ms() * 3 / 2;
        return Math.max(UNSEEN_BYTES, betweenReports) / size.sentBytes();
    }
}
