package org.imgblstr.protocol.master;

import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.ReportInterval;
import org.imgblstr.protocol.wire.EndOfDataFlyweight;

/** When End of Data is due (FIG. 3 box 309), while the pass waits for room and when it is over. One thread. */
final class EndOfData {
    private static final long MS = 1_000_000;

    /** End of Data is sent this often while nothing else is sent, so that slaves know that the master is there. */
    private static final long WAITING_NS = 250 * MS;

    private static final long FIRST_GAP_NS = 50 * MS;
    private static final long LONGEST_GAP_NS = 500 * MS;

    /** Answers of a few slaves are spread over this. */
    private static final int WINDOW_MS = 12;

    /** Many slaves report rarely and answer within some report intervals, so that answers are a small part of all reports. */
    private static final int WINDOW_INTERVALS = 4;

    private final MasterCommands commands;
    private final TrackSender sender;
    private final ReportInterval interval;
    private long gapNs = FIRST_GAP_NS;
    private long dueNs;

    EndOfData(MasterCommands commands, TrackSender sender, ReportInterval interval) {
        this.commands = commands;
        this.sender = sender;
        this.interval = interval;
    }

    /** Data was sent: nothing needs to be said for a while. */
    void onData(long nowNs) {
        dueNs = nowNs + WAITING_NS;
    }

    /** End of Data is due at once: the pass has ended, or End of Data must be repeated from the start. */
    void dueAt(long nowNs) {
        gapNs = FIRST_GAP_NS;
        dueNs = nowNs;
    }

    /** Slaves answer: it is asked more often again. */
    void hurry() {
        gapNs = FIRST_GAP_NS;
    }

    long waitNs(long nowNs) {
        return dueNs - nowNs;
    }

    /** The pass waits for room. */
    void sayWaiting(int sentUpTo, int queued, long nowNs) {
        if (dueNs - nowNs <= 0) {
            dueNs = nowNs + WAITING_NS;
            commands.endOfData(EndOfDataFlyweight.WAITING_FOR_ROOM, sentUpTo, queued, 0, sender.nextSequence());
        }
    }

    /** All tracks were sent: End of Data is repeated at growing intervals while no slave asks for anything. */
    void sayPassEnded(int sentUpTo, int queued, long nowNs) {
        if (dueNs - nowNs <= 0) {
            dueNs = nowNs + Math.max(gapNs, interval.ns());
            gapNs = Math.min(LONGEST_GAP_NS, gapNs * 3 / 2);
            int windowMs = interval.isShortest() ? WINDOW_MS : WINDOW_INTERVALS * interval.ms();
            commands.endOfData(EndOfDataFlyweight.PASS_ENDED, sentUpTo, queued, windowMs, sender.nextSequence());
        }
    }
}
