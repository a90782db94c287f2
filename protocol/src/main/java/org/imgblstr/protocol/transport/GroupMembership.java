package org.imgblstr.protocol.transport;

import io.netty.channel.socket.DatagramChannel;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.transport.network.IgmpTable;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins and leaves multicast groups on one interface. */
final class GroupMembership {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMembership.class);

    private final NetworkChoice network;
    private final UdpSockets sockets;

    GroupMembership(NetworkChoice network, UdpSockets sockets) {
        this.network = network;
        this.sockets = sockets;
    }

    /** Joins a group, and makes sure that the kernel did so on this interface. */
    void join(DatagramChannel channel, InetSocketAddress group) throws NetworkException {
        Inet4Address address = (Inet4Address) group.getAddress();
        String name = network.networkInterface().getName();
        try {
            sockets.join(channel, address, network.networkInterface());
        } catch (NetworkException e) {
            throw new NetworkException(
                    "group " + address.getHostAddress() + " not joined on " + name + ": " + e.getMessage(), e);
        }
        if (!IgmpTable.isJoined(name, address)) {
            throw new NetworkException("group " + address.getHostAddress() + " was joined, but not on " + name
                    + "; check the address of the interface (ip addr show dev " + name + ")");
        }
    }

    /** Whether the kernel still lists a group that was joined. */
    boolean isJoined(InetSocketAddress group) {
        return IgmpTable.isJoined(network.networkInterface().getName(), (Inet4Address) group.getAddress());
    }

    void leave(DatagramChannel channel, InetSocketAddress group) {
        try {
            sockets.leave(channel, (Inet4Address) group.getAddress(), network.networkInterface());
        } catch (NetworkException e) {
            // The kernel had left by itself, as it does when an interface goes, or the join had failed.
            LOG.debug("multicast group {} could not be left", group, e);
        }
    }

    /** Leaves and joins a group. */
    void rejoin(DatagramChannel channel, InetSocketAddress group) throws NetworkException {
        leave(channel, group);
        join(channel, group);
    }

    static void requireGroup(InetSocketAddress group) {
        if (!(group.getAddress() instanceof Inet4Address address) || !address.isMulticastAddress()) {
            throw new IllegalArgumentException(group + " is not an IPv4 multicast group");
        }
    }
}
