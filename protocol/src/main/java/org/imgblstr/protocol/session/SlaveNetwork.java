package org.imgblstr.protocol.session;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.slave.SlavePort;
import org.imgblstr.protocol.transport.SlaveTransport;

/** The sockets of a slave as its engine sees them. Called on the loop. */
final class SlaveNetwork implements SlavePort {
    private final SlaveTransport transport;

    SlaveNetwork(SlaveTransport transport) {
        this.transport = transport;
    }

    @Override
    public ByteBuf allocate(int bytes) {
        return transport.allocate(bytes);
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
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
