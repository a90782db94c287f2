package org.imgblstr.protocol.transport;

import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;

/** The master's side: sends to groups and to single slaves, hears what slaves send to its port, and other masters on the rendezvous group. */
public final class MasterTransport extends Transport {
    /** Room for two reports of each of a thousand slaves, with 2 KiB of kernel memory for each report. */
    private static final int RECEIVE_BYTES = 4 << 20;

    /** Some announcements of other masters. */
    private static final int GROUP_RECEIVE_BYTES = 256 << 10;

    private InetSocketAddress rendezvousGroup;
    private DatagramChannel rendezvous;

    private MasterTransport(NetworkChoice network, TransportKind kind, UdpSockets sockets) {
        super(network, kind, sockets);
    }

    /**
     * Opens the master's socket: the address of the interface, a port that the kernel chooses. Groups are reached through this interface
     * only, with a TTL of 1, and also heard on this host.
     *
     * @throws NetworkException when the kernel refuses
     */
    public static MasterTransport open(NetworkChoice network) throws NetworkException {
        return open(network, TransportKind.best());
    }

    /** As {@link #open(NetworkChoice)}, with the sockets named. */
    public static MasterTransport open(NetworkChoice network, TransportKind kind) throws NetworkException {
        return open(network, kind, UdpSockets.of(kind));
    }

    /** As {@link #open(NetworkChoice, TransportKind)}, with the sockets given. */
    static MasterTransport open(NetworkChoice network, TransportKind kind, UdpSockets sockets) throws NetworkException {
        MasterTransport transport = new MasterTransport(network, kind, sockets);
        try {
            transport.openUnicast(RECEIVE_BYTES);
            return transport;
        } catch (NetworkException | RuntimeException | Error e) {
            transport.close();
            throw e;
        }
    }

    /**
     * Opens the master's socket, and one that hears the rendezvous group, on which other masters may announce sessions.
     *
     * @param group IPv4 multicast group and port
     */
    public static MasterTransport open(NetworkChoice network, InetSocketAddress group) throws NetworkException {
        GroupMembership.requireGroup(group);
        MasterTransport transport = open(network);
        try {
            transport.rendezvousGroup = group;
            transport.rendezvous = transport.openAndWait(group, GROUP_RECEIVE_BYTES);
            transport.groups().join(transport.rendezvous, group);
            return transport;
        } catch (NetworkException | RuntimeException | Error e) {
            transport.close();
            throw e;
        }
    }

    @Override
    void startReading() {
        super.startReading();
        if (rendezvous != null) {
            rendezvous.config().setAutoRead(true);
        }
    }

    @Override
    void leaveGroups() {
        if (rendezvous != null) {
            groups().leave(rendezvous, rendezvousGroup);
        }
    }
}
