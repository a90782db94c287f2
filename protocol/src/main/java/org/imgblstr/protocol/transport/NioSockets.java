package org.imgblstr.protocol.transport;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;

/** The JDK's sockets: one datagram a call, no forced buffers, no count of drops. */
final class NioSockets extends UdpSockets {
    /** JDK 19 and later; absent before, where datagrams that are too long are fragmented. */
    private static final String DO_NOT_FRAGMENT = "IP_DONTFRAGMENT";

    @Override
    IoHandlerFactory ioHandlerFactory() {
        return NioIoHandler.newFactory();
    }

    @Override
    DatagramChannel newChannel(NetworkChoice choice) throws NetworkException {
        try {
            return new NioDatagramChannel(newSocket(choice));
        } catch (IOException e) {
            throw new NetworkException(
                    "the kernel refuses a socket for "
                            + choice.networkInterface().getName() + ": " + e.getMessage(),
                    e);
        }
    }

    private static java.nio.channels.DatagramChannel newSocket(NetworkChoice choice) throws IOException {
        java.nio.channels.DatagramChannel socket =
                SelectorProvider.provider().openDatagramChannel(StandardProtocolFamily.INET);
        try {
            for (SocketOption<?> option : socket.supportedOptions()) {
                if (option.name().equals(DO_NOT_FRAGMENT) && option.type() == Boolean.class) {
                    @SuppressWarnings("unchecked") // its type has just been compared
                    SocketOption<Boolean> doNotFragment = (SocketOption<Boolean>) option;
                    socket.setOption(doNotFragment, true);
                }
            }
            socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, TTL);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, choice.networkInterface());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    int receiveBuffer(DatagramChannel channel, int bytes) {
        channel.config().setOption(ChannelOption.SO_RCVBUF, bytes);
        return channel.config().getOption(ChannelOption.SO_RCVBUF); // the JDK has already halved it
    }

    @Override
    void sendBuffer(DatagramChannel channel, int bytes) {
        channel.config().setOption(ChannelOption.SO_SNDBUF, bytes);
    }

    @Override
    RecvByteBufAllocator receiveAllocator(DatagramChannel channel, int maxDatagramBytes) {
        FixedRecvByteBufAllocator allocator = new FixedRecvByteBufAllocator(maxDatagramBytes);
        allocator.maxMessagesPerRead(MESSAGES_IN_A_ROW);
        return allocator;
    }

    @Override
    boolean canSegment() {
        return false;
    }

    @Override
    void join(DatagramChannel channel, Inet4Address group, NetworkInterface on) throws NetworkException {
        check(channel.joinGroup(group, on, null));
    }

    @Override
    void leave(DatagramChannel channel, Inet4Address group, NetworkInterface on) throws NetworkException {
        check(channel.leaveGroup(group, on, null));
    }

    @Override
    long drops(DatagramChannel channel) {
        return 0;
    }

    /** Both calls are done when they return, as the JDK knows nothing slower for them. */
    private static void check(ChannelFuture done) throws NetworkException {
        if (!done.isDone()) {
            throw new IllegalStateException("membership changes only on the loop");
        }
        if (done.cause() != null) {
            throw new NetworkException(done.cause().getMessage(), done.cause());
        }
    }
}
