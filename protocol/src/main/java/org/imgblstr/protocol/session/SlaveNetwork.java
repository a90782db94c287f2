package org.imgblstr.protocol.session;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.slave.SlaveEvents;
import org.imgblstr.protocol.slave.SlavePort;
import org.imgblstr.protocol.slave.handshake.SealedSlave;
import org.imgblstr.protocol.slave.handshake.SlaveDoor;
import org.imgblstr.protocol.transport.SlaveTransport;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.sealing.schedule.SessionSeal;

/** The sockets of a slave as its engine sees them, or in a sealed session as what seals for it sees them. Called on the loop. */
final class SlaveNetwork implements SlavePort {
    private static final int MOST_SYMBOL_BYTES = 65_535;

    private final SlaveTransport transport;
    private final SessionSeal seal;
    private final boolean takesOpen;
    private InetSocketAddress master;

    /**
     * @param seal null when the slave has no secret
     * @param takesOpen whether it joins open sessions
     */
    SlaveNetwork(SlaveTransport transport, SessionSeal seal, boolean takesOpen) {
        this.transport = transport;
        this.seal = seal;
        this.takesOpen = takesOpen;
    }

    /** Whether the engine joins what it hears in the open layout: its door shows it sealed sessions in that layout, and no others. */
    boolean takesOpen() {
        return takesOpen || seal != null;
    }

    /** Where the last datagram was for; null before the first. A sealed session has one before the engine knows of a master. */
    InetSocketAddress master() {
        return master;
    }

    /** Bytes of the longest symbol that the interface takes. */
    int maxSymbolBytes() {
        int more = seal == null ? 0 : SealedLayout.MORE_BYTES;
        return Math.min(
                MOST_SYMBOL_BYTES, transport.network().maxDatagramBytes() - SectorDataFlyweight.OVERHEAD_BYTES - more);
    }

    /** Where the engine sends to. {@code seed}: of the spread of its first datagrams. */
    SlavePort port(SlaveConfig config, long seed, SlaveEvents events) {
        return seal == null ? this : new SealedSlave(this, config, seal, new SplittableRandom(seed), events);
    }

    /** Where datagrams go that come, and ticks. */
    static SlaveDoor door(SlavePort port, SlaveEngine engine) {
        return port instanceof SealedSlave sealed ? sealed.to(engine) : SlaveDoor.of(engine);
    }

    @Override
    public ByteBuf allocate(int bytes) {
        return transport.allocate(bytes);
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        master = to;
        transport.send(datagram, to);
    }

    @Override
    public void joinData(InetSocketAddress group) {
        transport.joinData(group);
    }

    @Override
    public void leaveData() {
        transport.leaveData();
    }

    @Override
    public void rejoinData() {
        transport.rejoin();
    }
}
