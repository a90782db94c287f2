package org.imgblstr.protocol.master;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.repair.RateController;
import org.imgblstr.protocol.session.MasterOptions.SlowPolicy;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/**
 * Who the pass waits for: the window of the slowest slave, and what becomes of a slave that holds the others back (docs/protocol.md,
 * section 5). One thread.
 */
final class FlowControl {
    private static final long MS = 1_000_000;

    /** Half of what a slave's socket takes (16 MiB that the kernel counts double), as each datagram costs it more than its bytes. */
    private static final long UNSEEN_BYTES = 6 << 20;

    /** A slave is judged by the share of this time in which it alone held the others back. */
    private static final long JUDGED_NS = 5_000 * MS;

    private static final long JUDGED_AT_ONCE_NS = 1_000 * MS;

    /** Held back for 40 % of the time: it sustains less than 60 % of what the others do. */
    private static final double SLOW_SHARE = 0.4;

    /** Stalls of drives last tens of seconds; longer than this is a fault. */
    private static final long NO_PROGRESS_NS = 60_000 * MS;

    /** An operator who said {@code --slow wait} is patient, but a room must not hang for ever. */
    private static final long NO_PROGRESS_WAITING_NS = 600_000 * MS;

    private final SlowPolicy policy;
    private final int datagramBytes;
    private final SlaveTable slaves;
    private final TrackSender sender;
    private final RateController rates;
    private long sentBitsPerSecond;
    private long measuredBytes;
    private long measuredNs;
    private long lastLookNs;
    private long judgedNs;
    private boolean isJudging;

    FlowControl(MasterConfig config, SlaveTable slaves, TrackSender sender, RateController rates) {
        this.policy = config.slow();
        this.datagramBytes = config.symbolBytes() + SectorDataFlyweight.OVERHEAD_BYTES;
        this.slaves = slaves;
        this.sender = sender;
        this.rates = rates;
        this.sentBitsPerSecond = rates.rate();
    }

    /** From now on {@link #adaptRate} measures what goes out. */
    void startMeasuring(long nowNs) {
        measuredBytes = sender.wireBytes();
        measuredNs = nowNs;
    }

    /** Ends an interval: the rate follows the worst loss of the slaves that the pass waits for. */
    void adaptRate(long nowNs) {
        sentBitsPerSecond = (long) ((sender.wireBytes() - measuredBytes) * 8e9 / Math.max(1, nowNs - measuredNs));
        startMeasuring(nowNs);
        double worst = -1;
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isPacing()) {
                worst = Math.max(worst, slave.takeLoss());
            }
        }
        if (worst >= 0) {
            rates.onInterval(worst, sentBitsPerSecond);
        }
    }

    /** Whether every slave that the pass waits for has room for {@code track}, in its slots and in its socket. */
    boolean isWindowOpen(int track, long reportIntervalMs, long nowNs) {
        long unseenLimit = unseenLimit(reportIntervalMs);
        int open = 0;
        int blocking = 0;
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isPacing()) {
                boolean isBlocking = track >= slave.windowEnd() || isSocketFull(slave, unseenLimit);
                slave.blocking(isBlocking);
                open += isBlocking ? 0 : 1;
                blocking += isBlocking ? 1 : 0;
            }
        }
        noteBlocking(open > 0 && blocking > 0, nowNs);
        return blocking == 0 && open > 0;
    }

    /** In the catch-up whole tracks come in no order: nobody may be sent more of them than it had room for when it last reported. */
    boolean isRoomForTracks(long reportIntervalMs) {
        long unseenLimit = unseenLimit(reportIntervalMs);
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isWaitedFor()
                    && !slave.isComplete()
                    && (isSocketFull(slave, unseenLimit)
                            || sender.begunAfter(slave.sequenceSeen()) >= Math.max(1, slave.freeSlots()))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a repair that is not a whole track would drown somebody that the pass waits for. */
    boolean isAnySocketFull(long reportIntervalMs) {
        long unseenLimit = unseenLimit(reportIntervalMs);
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isPacing() && isSocketFull(slave, unseenLimit)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSocketFull(SlaveEntry slave, long unseenLimit) {
        return sender.sequence() - slave.sequenceSeen() >= unseenLimit;
    }

    /**
     * Datagrams that a slave may have yet to see: what its socket holds while its program is held up, or what is sent between two of its
     * reports when that is more.
     */
    private long unseenLimit(long reportIntervalMs) {
        long betweenReports = sentBitsPerSecond / 8000 * reportIntervalMs * 3 / 2;
        return Math.max(UNSEEN_BYTES, betweenReports) / datagramBytes;
    }

    private void noteBlocking(boolean isAnyHeldBack, long nowNs) {
        long elapsedNs = isJudging ? nowNs - lastLookNs : 0;
        lastLookNs = nowNs;
        if (!isJudging) {
            isJudging = true;
            judgedNs = nowNs;
        }
        if (isAnyHeldBack) {
            for (SlaveEntry slave : slaves.all()) {
                slave.heldBack(elapsedNs);
            }
        }
    }

    /** Slaves that the pass does not wait for any longer, because they alone held the others back. */
    List<SlaveEntry> excuseSlow(long nowNs) {
        long spanNs = policy == SlowPolicy.LADDER ? JUDGED_NS : JUDGED_AT_ONCE_NS;
        if (policy == SlowPolicy.WAIT || !isJudging || nowNs - judgedNs < spanNs) {
            return List.of();
        }
        List<SlaveEntry> slow = new ArrayList<>();
        for (SlaveEntry slave : slaves.all()) {
            if (slave.takeHeldBackNs() > SLOW_SHARE * (nowNs - judgedNs) && slave.isPacing()) {
                slow.add(slave);
            }
        }
        judgedNs = nowNs;
        return slow;
    }

    /** Whether slow slaves are dropped instead of served later. */
    boolean dropsSlow() {
        return policy == SlowPolicy.DROP;
    }

    /** Whether a slave that reports has made no progress for longer than any drive stalls. */
    boolean isStuck(SlaveEntry slave, long nowNs) {
        long limitNs = policy == SlowPolicy.WAIT ? NO_PROGRESS_WAITING_NS : NO_PROGRESS_NS;
        return slave.isWaitedFor()
                && !slave.isComplete()
                && !slave.isVerifying()
                && nowNs - slave.lastProgressNs() >= limitNs;
    }
}
