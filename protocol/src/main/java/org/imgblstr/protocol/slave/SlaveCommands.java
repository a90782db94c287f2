package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.imgblstr.codec.CodecId;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;

/** Writes the slave's commands and counts them. One thread. */
final class SlaveCommands {
    private final SlaveConfig config;
    private final SlavePort port;
    private final RsvpFlyweight rsvp = new RsvpFlyweight();
    private final ResendRequestFlyweight request = new ResendRequestFlyweight();
    private final DisconnectFlyweight disconnect = new DisconnectFlyweight();
    private int sequence;

    SlaveCommands(SlaveConfig config, SlavePort port) {
        this.config = config;
        this.port = port;
        request.room(Datagram.CONTROL_BYTES - port.moreBytes());
    }

    void rsvp(Announcement to) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        wish(buffer, to.session(), RsvpFlyweight.JOIN)
                .longestHeard(to.path().longestHeard())
                .seal();
        port.send(buffer, to.master());
    }

    /** Tells the master of a session why this slave cannot take part. */
    void cannot(int session, InetSocketAddress master, ConfirmDownloadFlyweight.Result why, String reason) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        wish(buffer, session, RsvpFlyweight.CANNOT).cannot(why, reason).seal();
        port.send(buffer, master);
    }

    private RsvpFlyweight wish(ByteBuf buffer, int session, int intent) {
        int codecs = 0;
        for (CodecId codec : CodecId.values()) {
            codecs |= codec.bit();
        }
        return rsvp.wrapForWriting(buffer, 0)
                .session(session)
                .sequence(++sequence)
                .nonce(config.identity().nonce())
                .slaveId(config.identity().slaveId())
                .deviceBytes(config.deviceBytes())
                .sectorBytes(config.sectorBytes())
                .codecs(codecs)
                .largestSymbol(config.maxSymbolBytes())
                .windowTracks(config.windowSlots())
                .intent(intent)
                .label(config.identity().label())
                .machine(config.identity().machine());
    }

    /** A Resend Request with its header fields set; finished by {@link #send}. */
    ResendRequestFlyweight request(ByteBuf buffer, Announcement to, int slave) {
        return request.wrapForWriting(buffer, 0)
                .session(to.session())
                .sequence(++sequence)
                .slave(slave)
                .nonce(config.identity().nonce());
    }

    ByteBuf buffer() {
        return port.allocate(Datagram.CONTROL_BYTES);
    }

    void send(ByteBuf buffer, Announcement to) {
        request.seal();
        port.send(buffer, to.master());
    }

    void disconnect(Announcement to, int slave, Outcome end, Download download, long nowNs) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        disconnect
                .wrapForWriting(buffer, 0)
                .session(to.session())
                .sequence(++sequence)
                .slave(slave)
                .result(end.onTheWire())
                .nonce(config.identity().nonce())
                .errno(download.tally().errno())
                .tracksMissing(to.trackCount()
                        - download.doneTracks()
                        + download.unreadable().tracks())
                .bytesWritten(download.tally().bytesWritten())
                .elapsedMs(download.elapsedMs(nowNs))
                .digest(end.digest())
                .counters(download.counters())
                .text(end.message(), download.isVerified());
        if (download.judgement() != null) {
            byte[] root = download.judgement().root();
            disconnect.manifest(root == null ? new byte[DisconnectFlyweight.DIGEST_BYTES] : root);
        }
        disconnect.seal();
        port.send(buffer, to.master());
    }
}
