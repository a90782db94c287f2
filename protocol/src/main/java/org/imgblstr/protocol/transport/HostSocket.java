package org.imgblstr.protocol.transport;

import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.util.function.ObjIntConsumer;
import org.imgblstr.protocol.transport.network.NetworkChoice;

/**
 * The socket from which a transport sends and at which it hears what is sent to this host alone. When the address of the interface changes,
 * another socket takes its place. On the loop only, but {@code channel}.
 */
final class HostSocket {
    private final UdpSockets sockets;
    private final ObjIntConsumer<IOException> onSendFailed;
    private volatile DatagramChannel channel;
    private volatile Sender sender;
    private long dropsBefore;
    private long failuresBefore;

    /** {@code onSendFailed}: told why, and how many datagrams are gone. */
    HostSocket(UdpSockets sockets, ObjIntConsumer<IOException> onSendFailed) {
        this.sockets = sockets;
        this.onSendFailed = onSendFailed;
    }

    /** Sends from this bound socket from now on. */
    void use(DatagramChannel bound, NetworkChoice network) {
        failuresBefore += sender == null ? 0 : sender.failedDatagrams();
        sockets.sendBuffer(bound, UdpSockets.sendBufferBytes(network.linkMbits()));
        sender = new Sender(bound, sockets.canSegment(), onSendFailed);
        channel = bound;
    }

    /** Closes the socket, so that another one can have its port. What is sent before {@link #use} is lost. */
    void close() {
        dropsBefore += sockets.drops(channel);
        Transport.close(channel);
    }

    void startReading() {
        channel.config().setAutoRead(true);
    }

    DatagramChannel channel() {
        return channel;
    }

    Sender sender() {
        return sender;
    }

    /** Datagrams that the kernel refused to send, ever. */
    long failedDatagrams() {
        return failuresBefore + sender.failedDatagrams();
    }

    /** Datagrams that the kernel dropped because the socket was full, ever. */
    long drops() {
        return dropsBefore + (channel.isOpen() ? sockets.drops(channel) : 0);
    }
}
