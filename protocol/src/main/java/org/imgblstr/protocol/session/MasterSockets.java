package org.imgblstr.protocol.session;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.transport.MasterTransport;

/** Where the master's engine sends to: the sockets of its transport. */
final class MasterSockets implements MasterPort {
    private final MasterTransport transport;
    private final InetSocketAddress rendezvousGroup;
    private final InetSocketAddress dataGroup;

    MasterSockets(MasterTransport transport, InetSocketAddress rendezvousGroup, InetSocketAddress dataGroup) {
        this.transport = transport;
        this.rendezvousGroup = rendezvousGroup;
        this.dataGroup = dataGroup;
    }

    @Override
    public InetSocketAddress feedback() {
        return transport.localAddress();
    }

    @Override
    public ByteBuf allocate(int bytes) {
        return transport.allocate(bytes);
    }

    @Override
    public void send(ByteBuf datagram, long nonce, InetSocketAddress to) {
        transport.send(datagram, to);
    }

    @Override
    public void announce(ByteBuf datagram) {
        transport.send(datagram, rendezvousGroup);
    }

    @Override
    public void multicast(ByteBuf datagrams, int datagramBytes) {
        transport.sendBatch(datagrams, datagramBytes, dataGroup);
    }

    @Override
    public boolean isWritable() {
        return transport.isWritable();
    }
}
