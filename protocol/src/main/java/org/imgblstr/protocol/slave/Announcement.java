package org.imgblstr.protocol.slave;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.session.SessionImage;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;

/**
 * What a slave keeps of a Drive Geometry and of the Confirm Download that follows.
 *
 * @param reportIntervalNs from the confirmation
 * @param joined slaves in the session, from the confirmation
 */
record Announcement(
        long sessionId,
        SessionImage image,
        int symbolBytes,
        int repairWindow,
        int wanted,
        InetSocketAddress master,
        InetSocketAddress dataGroup,
        long reportIntervalNs,
        int joined) {
    static Announcement of(DriveGeometryFlyweight geometry) {
        return new Announcement(
                geometry.sessionId(),
                geometry.image(),
                geometry.symbolBytes(),
                geometry.repairWindow(),
                geometry.wanted(),
                new InetSocketAddress(geometry.masterAddress(), geometry.masterPort()),
                new InetSocketAddress(geometry.dataGroup(), geometry.dataPort()),
                1_000_000_000,
                1);
    }

    Announcement confirmed(long newReportIntervalNs, int newJoined) {
        return new Announcement(
                sessionId, image, symbolBytes, repairWindow, wanted, master, dataGroup, newReportIntervalNs, newJoined);
    }

    int session() {
        return (int) sessionId;
    }

    int trackCount() {
        return image.space().trackCount();
    }
}
