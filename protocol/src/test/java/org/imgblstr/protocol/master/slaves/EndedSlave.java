package org.imgblstr.protocol.master.slaves;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.UUID;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;

/** What the master knows of a slave that has sent Disconnect. */
public final class EndedSlave {
    private EndedSlave() {}

    /** {@code said}: what its Disconnect calls its end. */
    public static SlaveEntry of(Result said, int missingTracks, int errno, byte[] digest) {
        return of(said, missingTracks, errno, digest, "");
    }

    /** One that reads nothing back. {@code why}: its own words; "" for a slave of an earlier version, which tells neither. */
    public static SlaveEntry of(Result said, int missingTracks, int errno, byte[] digest, String why) {
        RsvpFlyweight rsvp = new RsvpFlyweight()
                .wrapForWriting(Unpooled.buffer(512), 0)
                .slaveId(new UUID(1, 2))
                .label("pc-17");
        rsvp.seal();
        DisconnectFlyweight disconnect = new DisconnectFlyweight()
                .wrapForWriting(Unpooled.buffer(512), 0)
                .result(said)
                .tracksMissing(missingTracks)
                .errno(errno)
                .digest(digest);
        if (!why.isEmpty()) {
            disconnect.text(why, false).seal();
        }
        SlaveEntry slave = new SlaveEntry(1, rsvp, new InetSocketAddress("10.0.0.2", 5), 0, false, 0, 0);
        slave.onDisconnect(disconnect, 0);
        return slave;
    }

    /** One that joined at 0, has so many tracks on its disk and has not ended. {@code begunNs}: when the session started. */
    public static SlaveEntry underWay(long begunNs, int doneTracks) {
        RsvpFlyweight rsvp = new RsvpFlyweight().wrapForWriting(Unpooled.buffer(512), 0);
        rsvp.slaveId(new UUID(1, 2)).label("pc-17").seal();
        SlaveEntry slave = new SlaveEntry(1, rsvp, new InetSocketAddress("10.0.0.2", 5), 0, false, 0, 0);
        slave.begin(begunNs);
        ResendRequestFlyweight report = new ResendRequestFlyweight()
                .wrapForWriting(Unpooled.buffer(2048), 0)
                .sequence(1)
                .tracksDone(doneTracks);
        slave.onReport(report, new KindMap(), begunNs);
        return slave;
    }

    /** One that joined at 0; {@code begunNs}: when the session started, negative when before. */
    public static SlaveEntry timed(long begunNs, long endedNs) {
        RsvpFlyweight rsvp = new RsvpFlyweight().wrapForWriting(Unpooled.buffer(512), 0);
        rsvp.slaveId(new UUID(1, 2)).label("pc-17").seal();
        SlaveEntry slave = new SlaveEntry(1, rsvp, new InetSocketAddress("10.0.0.2", 5), 0, false, 0, 0);
        if (begunNs >= 0) {
            slave.begin(begunNs);
        }
        slave.giveUp(endedNs);
        return slave;
    }
}
