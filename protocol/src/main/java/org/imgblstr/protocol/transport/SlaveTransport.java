package org.imgblstr.protocol.transport;

import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;

/**
 * A slave's side: hears the rendezvous group, later the data group, and its own port; sends from its own port. Several slaves on one host
 * each hear every datagram of the groups.
 */
public final class SlaveTransport extends Transport {
    /** 180 ms of a gigabit: the kernel doubles it, a datagram of 1472 bytes takes about 2304, and 81 000 come in a second. */
    private static final int GROUP_RECEIVE_BYTES = 16 << 20;

    private static final int UNICAST_RECEIVE_BYTES = 1 << 20;

    private final InetSocketAddress rendezvousGroup;
    private DatagramChannel rendezvous;
    private InetSocketAddress dataGroup;
    private DatagramChannel data;
    /** That could not be joined, as the interface had no address. */
    private InetSocketAddress failedGroup;

    private long dropsOfClosedSockets;

    private SlaveTransport(
            NetworkChoice network, TransportKind kind, UdpSockets sockets, InetSocketAddress rendezvousGroup) {
        super(network, kind, sockets);
        this.rendezvousGroup = rendezvousGroup;
    }

    /**
     * Opens a slave's sockets and joins the rendezvous group.
     *
     * @param rendezvousGroup IPv4 multicast group and port
     * @throws NetworkException when the kernel refuses, or the group was not joined on this interface
     */
    public static SlaveTransport open(NetworkChoice network, InetSocketAddress rendezvousGroup)
            throws NetworkException {
        return open(network, rendezvousGroup, TransportKind.best());
    }

    /** As {@link #open(NetworkChoice, InetSocketAddress)}, with the sockets named. */
    public static SlaveTransport open(NetworkChoice network, InetSocketAddress rendezvousGroup, TransportKind kind)
            throws NetworkException {
        return open(network, rendezvousGroup, kind, UdpSockets.of(kind));
    }

    /** As {@link #open(NetworkChoice, InetSocketAddress, TransportKind)}, with the sockets given. */
    static SlaveTransport open(
            NetworkChoice network, InetSocketAddress rendezvousGroup, TransportKind kind, UdpSockets sockets)
            throws NetworkException {
        GroupMembership.requireGroup(rendezvousGroup);
        SlaveTransport transport = new SlaveTransport(network, kind, sockets, rendezvousGroup);
        try {
            transport.openUnicast(ANY_PORT, UNICAST_RECEIVE_BYTES);
            transport.rendezvous = transport.openAndWait(rendezvousGroup, GROUP_RECEIVE_BYTES);
            transport.groups().join(transport.rendezvous, rendezvousGroup);
            return transport;
        } catch (NetworkException | RuntimeException | Error e) {
            transport.close();
            throw e;
        }
    }

    @Override
    void startReading() {
        super.startReading();
        rendezvous.config().setAutoRead(true);
    }

    /**
     * Hears a data group, instead of any before. A failure comes to {@code onWarning}; the group is then joined by {@link #rejoin}.
     *
     * @param group IPv4 multicast group and port
     */
    public void joinData(InetSocketAddress group) {
        GroupMembership.requireGroup(group);
        leaveData();
        dataGroup = group;
        openSocket(group, GROUP_RECEIVE_BYTES, (channel, failure) -> onDataOpen(group, channel, failure));
    }

    private void onDataOpen(InetSocketAddress group, DatagramChannel channel, NetworkException failure) {
        if (failure != null) {
            dataFailed(group, failure);
        } else if (!group.equals(dataGroup) || data != null) {
            close(channel); // left again, or joined twice, while the socket was being opened
        } else {
            data = channel;
            try {
                groups().join(channel, group);
                channel.pipeline().addFirst(new ReadGap());
                channel.config().setAutoRead(true);
            } catch (NetworkException e) {
                dataFailed(group, e);
            }
        }
    }

    private void dataFailed(InetSocketAddress group, NetworkException cause) {
        if (group.equals(dataGroup)) {
            leaveData();
            failedGroup = group;
        }
        warn(cause.getMessage());
    }

    /** Stops hearing the data group, so that the switch can stop sending it here; no effect without one. */
    public void leaveData() {
        if (data != null) {
            dropsOfClosedSockets += sockets().drops(data);
            close(data);
            data = null;
        }
        dataGroup = null;
        failedGroup = null;
    }

    @Override
    public void rejoin() {
        rejoin(rendezvous, rendezvousGroup);
        if (data != null) {
            rejoin(data, dataGroup);
        } else if (failedGroup != null) {
            joinData(failedGroup);
        }
    }

    @Override
    boolean areGroupsJoined() {
        return groups().isJoined(rendezvousGroup) && (data == null || groups().isJoined(dataGroup));
    }

    @Override
    void leaveGroups() {
        leaveData();
        if (rendezvous != null) {
            groups().leave(rendezvous, rendezvousGroup);
        }
    }

    private void rejoin(DatagramChannel channel, InetSocketAddress group) {
        try {
            groups().rejoin(channel, group);
        } catch (NetworkException e) {
            warn(e.getMessage());
        }
    }

    @Override
    public long socketDrops() {
        long drops = super.socketDrops() + dropsOfClosedSockets + sockets().drops(rendezvous);
        return data == null ? drops : drops + sockets().drops(data);
    }
}
