package org.imgblstr.protocol.master;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.imgblstr.protocol.master.membership.MasterEvents;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.HelloFlyweight;

/**
 * Other masters that announce sessions on the same group, so that slaves cannot know which session is meant. Slaves take either open sessions or
 * sealed ones, so masters of the other kind do not count. One thread.
 */
final class OtherMasters {
    /** More are a flood, not a room. */
    private static final int MOST = 100;

    private static final int NAME_TAG_BYTES = 8;

    private final MasterConfig config;
    private final MasterEvents events;
    private final Announcer announcer;
    private final Set<Long> known = new HashSet<>();
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final HelloFlyweight hello = new HelloFlyweight();

    OtherMasters(MasterConfig config, MasterEvents events, Announcer announcer) {
        this.config = config;
        this.events = events;
        this.announcer = announcer;
    }

    /** A Drive Geometry came. One of another session is answered with one of ours, once, so that whoever listens knows of both. */
    void onGeometry(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        boolean isSealed = hello.wrap(datagram).isValid();
        boolean isNew = isSealed == config.isSealed()
                && (geometry.wrap(datagram).isValid() || isSealed)
                && geometry.sessionId() != config.offer().sessionId()
                && geometry.masterPort() == from.getPort()
                && geometry.masterAddress().equals(from.getAddress())
                && known.size() < MOST
                && known.add(geometry.sessionId());
        if (!isNew) {
            return;
        }
        announcer.onOtherMaster(nowNs);
        String name = isSealed ? hiddenName() : geometry.sessionName();
        if (name.isEmpty()
                || config.offer().sessionName().isEmpty()
                || name.equals(config.offer().sessionName())) {
            events.onOtherMaster(from, isSealed ? "" : name);
        }
    }

    /** A sealed session tells only whether it has a name; "?" is no name that one has. */
    private String hiddenName() {
        boolean hasName = !Arrays.equals(hello.hello().nameTag(), new byte[NAME_TAG_BYTES]);
        return hasName ? "?" : "";
    }
}
