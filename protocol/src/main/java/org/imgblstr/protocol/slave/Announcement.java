package org.imgblstr.protocol.slave;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;

/**
 * What a slave keeps of a Drive Geometry and of the Confirm Download that follows.
 *
 * @param path what is known of the way from the master; the only part that changes
 * @param isCompared whether the disk is compared with the digests first: a delta session, or a slave started again
 * @param reportIntervalNs from the confirmation
 * @param joined slaves in the session, from the confirmation
 */
record Announcement(
        long sessionId,
        SessionImage image,
        Path path,
        int repairWindow,
        int wanted,
        boolean isCompared,
        InetSocketAddress master,
        InetSocketAddress dataGroup,
        long reportIntervalNs,
        int joined) {
    static Announcement of(DriveGeometryFlyweight geometry, long nowNs) {
        Path path = new Path();
        path.onGeometry(geometry, nowNs);
        return new Announcement(
                geometry.sessionId(),
                geometry.image(),
                path,
                geometry.repairWindow(),
                geometry.wanted(),
                geometry.isDelta(),
                new InetSocketAddress(geometry.masterAddress(), geometry.masterPort()),
                new InetSocketAddress(geometry.dataGroup(), geometry.dataPort()),
                1_000_000_000,
                1);
    }

    Announcement confirmed(long newReportIntervalNs, int newJoined, boolean isResume) {
        return new Announcement(
                sessionId,
                image,
                path,
                repairWindow,
                wanted,
                isCompared || isResume,
                master,
                dataGroup,
                newReportIntervalNs,
                newJoined);
    }

    int session() {
        return (int) sessionId;
    }

    int trackCount() {
        return image.space().trackCount();
    }
}
