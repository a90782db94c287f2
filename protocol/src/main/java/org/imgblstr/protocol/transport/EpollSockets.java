package org.imgblstr.protocol.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDatagramChannelConfig;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;

/** Netty's native sockets. Numbers of the options: Linux {@code socket.h}, {@code in.h}, the same on x86-64 and aarch64. */
final class EpollSockets extends UdpSockets {
    private static final int IPPROTO_IP = 0;
    private static final int SOL_SOCKET = 1;
    private static final int DO_NOT_FRAGMENT = 2;

    /** {@code struct ip_mreqn}: group, local address, interface index. */
    private static final int MREQN_BYTES = 12;

    /** {@code SK_MEMINFO_VARS} unsigned ints; the ninth is the count of drops. */
    private static final int MEMINFO_BYTES = 36;

    private static final int MEMINFO_DROPS = 32;

    private static final IntegerUnixChannelOption IP_MTU_DISCOVER = ip("IP_MTU_DISCOVER", 10);
    private static final IntegerUnixChannelOption IP_MULTICAST_TTL = ip("IP_MULTICAST_TTL", 33);
    private static final IntegerUnixChannelOption IP_MULTICAST_LOOP = ip("IP_MULTICAST_LOOP", 34);
    private static final RawUnixChannelOption IP_MULTICAST_IF = membership("IP_MULTICAST_IF", 32);
    private static final RawUnixChannelOption IP_ADD_MEMBERSHIP = membership("IP_ADD_MEMBERSHIP", 35);
    private static final RawUnixChannelOption IP_DROP_MEMBERSHIP = membership("IP_DROP_MEMBERSHIP", 36);
    private static final IntegerUnixChannelOption SO_SNDBUFFORCE =
            new IntegerUnixChannelOption("SO_SNDBUFFORCE", SOL_SOCKET, 32);
    private static final IntegerUnixChannelOption SO_RCVBUFFORCE =
            new IntegerUnixChannelOption("SO_RCVBUFFORCE", SOL_SOCKET, 33);
    private static final RawUnixChannelOption SO_MEMINFO =
            new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, 55, MEMINFO_BYTES);

    /** One for all sockets of a transport: they share a thread. */
    private final ReceiveBuffer buffer = new ReceiveBuffer(MAX_RECEIVE_BYTES);

    private static IntegerUnixChannelOption ip(String name, int number) {
        return new IntegerUnixChannelOption(name, IPPROTO_IP, number);
    }

    private static RawUnixChannelOption membership(String name, int number) {
        return new RawUnixChannelOption(name, IPPROTO_IP, number, MREQN_BYTES);
    }

    @Override
    IoHandlerFactory ioHandlerFactory() {
        return EpollIoHandler.newFactory();
    }

    @Override
    DatagramChannel newChannel(NetworkChoice choice) throws NetworkException {
        // Family INET, because joining an IPv4 group on an INET6 socket fails with EINVAL.
        EpollDatagramChannel channel = new EpollDatagramChannel(SocketProtocolFamily.INET);
        try {
            set(channel, IP_MTU_DISCOVER, DO_NOT_FRAGMENT);
            set(channel, IP_MULTICAST_TTL, TTL);
            set(channel, IP_MULTICAST_LOOP, 1);
            set(channel, IP_MULTICAST_IF, mreqn(null, choice.networkInterface()));
            return channel;
        } catch (NetworkException e) {
            channel.unsafe().closeForcibly();
            throw e;
        }
    }

    @Override
    int receiveBuffer(DatagramChannel channel, int bytes) {
        if (!isAccepted(channel, SO_RCVBUFFORCE, bytes)) { // needs CAP_NET_ADMIN
            channel.config().setOption(ChannelOption.SO_RCVBUF, bytes);
        }
        return channel.config().getOption(ChannelOption.SO_RCVBUF) / 2; // the kernel doubles, for its own bookkeeping
    }

    @Override
    void sendBuffer(DatagramChannel channel, int bytes) {
        if (!isAccepted(channel, SO_SNDBUFFORCE, bytes)) {
            channel.config().setOption(ChannelOption.SO_SNDBUF, bytes);
        }
    }

    @Override
    RecvByteBufAllocator receiveAllocator(DatagramChannel channel, int maxDatagramBytes) {
        EpollDatagramChannelConfig config = (EpollDatagramChannelConfig) channel.config();
        boolean isGro = isAccepted(channel, EpollChannelOption.UDP_GRO, true); // not with a kernel before 5.0
        if (!isGro) {
            config.setMaxDatagramPayloadSize(maxDatagramBytes);
        }
        return new ReceiveAllocator(buffer, new ReadMode(config, maxDatagramBytes, isGro), MESSAGES_IN_A_ROW);
    }

    @Override
    boolean canSegment() {
        return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    // Netty's joinGroup finds the interface by its first IPv4 address, and without one the kernel takes the default
    // route's. The index
    // leaves nothing to guess.
    @Override
    void join(DatagramChannel channel, Inet4Address group, NetworkInterface on) throws NetworkException {
        set(channel, IP_ADD_MEMBERSHIP, mreqn(group, on));
    }

    @Override
    void leave(DatagramChannel channel, Inet4Address group, NetworkInterface on) throws NetworkException {
        set(channel, IP_DROP_MEMBERSHIP, mreqn(group, on));
    }

    @Override
    long drops(DatagramChannel channel) {
        try {
            ByteBuffer info = channel.config().getOption(SO_MEMINFO);
            return Integer.toUnsignedLong(info.order(ByteOrder.nativeOrder()).getInt(MEMINFO_DROPS));
        } catch (ChannelException | IndexOutOfBoundsException e) {
            return 0; // a kernel before 4.12 has no such option
        }
    }

    private static ByteBuffer mreqn(Inet4Address group, NetworkInterface on) {
        ByteBuffer request = ByteBuffer.allocate(MREQN_BYTES).order(ByteOrder.nativeOrder());
        if (group != null) {
            request.put(0, group.getAddress());
        }
        return request.putInt(MREQN_BYTES - Integer.BYTES, on.getIndex());
    }

    private static <T> void set(DatagramChannel channel, ChannelOption<T> option, T value) throws NetworkException {
        try {
            channel.config().setOption(option, value);
        } catch (ChannelException e) {
            throw new NetworkException("the kernel refuses " + option.name() + ": " + e.getMessage(), e);
        }
    }

    private static <T> boolean isAccepted(DatagramChannel channel, ChannelOption<T> option, T value) {
        try {
            return channel.config().setOption(option, value);
        } catch (ChannelException e) {
            return false;
        }
    }
}
