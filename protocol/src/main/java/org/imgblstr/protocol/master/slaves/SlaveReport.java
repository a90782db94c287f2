package org.imgblstr.protocol.master.slaves;

import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;

/**
 * What a slave said last of itself.
 *
 * @param sequence by which an older report is told from a newer one
 * @param sequenceSeen newest datagram of the data group that it has seen
 * @param tracks what it has
 * @param room what it has room for
 * @param counters what it received, lost, dropped and repaired, and how fast its disk was lately
 * @param isComplete whether it lacks nothing
 * @param isVerifying whether it reads or syncs its disk
 */
record SlaveReport(
        int sequence,
        int sequenceSeen,
        Tracks tracks,
        Room room,
        SlaveCounters counters,
        boolean isComplete,
        boolean isVerifying) {
    /**
     * What it has.
     *
     * @param goodUpTo first track that is not on its disk
     * @param done tracks on its disk
     * @param missing tracks that it lacks
     */
    record Tracks(int goodUpTo, int done, int missing) {}

    /**
     * What it has room for.
     *
     * @param freeSlots tracks
     * @param dataWindowEnd how many data tracks of the pass it had heard of, and those that it has room for: skipped ones need none
     */
    record Room(int freeSlots, int dataWindowEnd) {}

    /** Nothing was said yet. {@code sequenceSeen} and {@code dataWindowEnd}: what is known from its joining. */
    static SlaveReport none(int sequenceSeen, int dataWindowEnd) {
        return new SlaveReport(
                0, sequenceSeen, new Tracks(0, 0, 0), new Room(0, dataWindowEnd), SlaveCounters.NONE, false, false);
    }

    /** {@code kinds}: of the tracks that were sent. */
    static SlaveReport of(ResendRequestFlyweight report, KindMap kinds) {
        int freeSlots = report.windowEnd() - report.highest();
        return new SlaveReport(
                report.sequence(),
                report.sequenceSeen(),
                new Tracks(report.goodUpTo(), report.tracksDone(), report.tracksMissing()),
                new Room(freeSlots, kinds.dataBefore(report.highest()) + freeSlots),
                new SlaveCounters(
                        report.received(),
                        report.lost(),
                        report.dropped(),
                        report.tracksRepaired(),
                        report.diskRateKib() * 1024),
                report.has(ResendRequestFlyweight.NOTHING_MISSING),
                report.has(ResendRequestFlyweight.VERIFYING));
    }
}
