package org.imgblstr.protocol.slave;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;

/**
 * What a slave keeps of a Drive Geometry.
 *
 * @param path what is known of the way from the master; changes
 * @param repairWindow tracks behind the newest that the master holds at least
 * @param isDelta whether the disk is compared with the digests first
 * @param place where the master is; changes
 */
record Announcement(
        long sessionId,
        SessionImage image,
        DatagramPath path,
        int repairWindow,
        boolean isDelta,
        MasterPlace place,
        InetSocketAddress dataGroup) {
    static Announcement of(DriveGeometryFlyweight geometry, long nowNs) {
        DatagramPath path = new DatagramPath();
        path.onGeometry(geometry, nowNs);
        return new Announcement(
                geometry.sessionId(),
                geometry.image(),
                path,
                geometry.repairWindow(),
                geometry.isDelta(),
                new MasterPlace(new InetSocketAddress(geometry.masterAddress(), geometry.masterPort())),
                new InetSocketAddress(geometry.dataGroup(), geometry.dataPort()));
    }

    /** Where the master is now. */
    InetSocketAddress master() {
        return place.address();
    }

    int session() {
        return (int) sessionId;
    }

    int trackCount() {
        return image.space().trackCount();
    }
}
