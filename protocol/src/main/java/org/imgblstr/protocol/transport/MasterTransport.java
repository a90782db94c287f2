package org.imgblstr.protocol.transport;

import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.contract.PortRange;
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
     * Opens the master's socket: the address of the interface, the first free port of {@code ports}. Groups are reached through this
     * interface only, with a TTL of 1, and also heard on this host.
     *
     * @throws NetworkException when other programs have all these ports, or the kernel refuses
     */
    public static MasterTransport open(NetworkChoice network, PortRange ports, TransportKind kind)
            throws NetworkException {
        return open(network, ports, kind, UdpSockets.of(kind));
    }

    /** As {@link #open(NetworkChoice, PortRange, TransportKind)}, with the sockets given. */
    static MasterTransport open(NetworkChoice network, PortRange ports, TransportKind kind, UdpSockets sockets)
            throws NetworkException {
        MasterTransport transport = new MasterTransport(network, kind, sockets);
        try {
            transport.openUnicast(ports);
            return transport;
        } catch (NetworkException | RuntimeException | Error e) {
            transport.close();
            throw e;
        }
    }

    private void openUnicast(PortRange ports) throws NetworkException {
        for (int port = ports.first(); ; port++) {
            try {
                openUnicast(port, RECEIVE_BYTES);
                return;
            } catch (NetworkException e) {
                if (!UdpSockets.isPortTaken(e.getCause())) {
                    throw e;
                }
                if (port == ports.last()) {
                    throw new NetworkException(allTaken(ports), e);
                }
            }
        }
    }

    private String allTaken(PortRange ports) {
        String which = ports.first() == ports.last()
                ? "UDP port " + ports.first() + " is taken"
                : "UDP ports " + ports.first() + " to " + ports.last() + " are all taken";
        return which + " at " + network().address().getHostAddress() + " by other programs, so the master cannot hear"
                + " its slaves there; end one of these programs (ss -ulnp shows them), or name a free port with"
                + " --ports A:PORT";
    }

    /**
     * Opens the master's socket, and one that hears the rendezvous group, on which other masters may announce sessions.
     *
     * @param group IPv4 multicast group and port
     * @param ports as above
     */
    public static MasterTransport open(NetworkChoice network, InetSocketAddress group, PortRange ports)
            throws NetworkException {
        GroupMembership.requireGroup(group);
        MasterTransport transport = open(network, ports, TransportKind.best());
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
    public void rejoin() {
        if (rendezvous != null) {
            try {
                groups().rejoin(rendezvous, rendezvousGroup);
            } catch (NetworkException e) {
                warn(e.getMessage());
            }
        }
    }

    @Override
    boolean areGroupsJoined() {
        return rendezvous == null || groups().isJoined(rendezvousGroup);
    }

    @Override
    void leaveGroups() {
        if (rendezvous != null) {
            groups().leave(rendezvous, rendezvousGroup);
        }
    }
}
