package org.imgblstr.protocol.master.slaves;

import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;

/**
 * What a slave said last of itself.
 *
 * @param sequence by which an older report is told from a newer one
 * @param sequenceSeen newest datagram of the data group that it has seen
 * @param freeSlots tracks that it has room for
 * @param goodUpTo first track that is not on its disk
 * @param dataWindowEnd how many data tracks of the pass it had heard of, and those that it has room for: skipped ones need none
 * @param doneTracks tracks on its disk
 * @param missingTracks tracks that it lacks
 * @param diskRate bytes a second of its disk
 * @param dropped datagrams that its socket dropped because it was full
 * @param isComplete whether it lacks nothing
 * @param isVerifying whether it reads or syncs its disk
 */
record SlaveReport(
        int sequence,
        int sequenceSeen,
        int freeSlots,
        int goodUpTo,
        int dataWindowEnd,
        int doneTracks,
        int missingTracks,
        long diskRate,
        long dropped,
        boolean isComplete,
        boolean isVerifying) {

    /** Nothing was said yet. {@code sequenceSeen} and {@code dataWindowEnd}: what is known from its joining. */
    static SlaveReport none(int sequenceSeen, int dataWindowEnd) {
        return new SlaveReport(0, sequenceSeen, 0, 0, dataWindowEnd, 0, 0, 0, 0, false, false);
    }

    /** {@code kinds}: of the tracks that were sent. */
    static SlaveReport of(ResendRequestFlyweight report, KindMap kinds) {
        int freeSlots = report.windowEnd() - report.highest();
        return new SlaveReport(
                report.sequence(),
                report.sequenceSeen(),
                freeSlots,
                report.goodUpTo(),
                kinds.dataBefore(report.highest()) + freeSlots,
                report.tracksDone(),
                report.tracksMissing(),
                report.diskRateKib() * 1024,
                report.dropped(),
                report.has(ResendRequestFlyweight.NOTHING_MISSING),
                report.has(ResendRequestFlyweight.VERIFYING));
    }
}
