package org.imgblstr.protocol.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;

/** What differs between the two kinds of sockets, and the options that both get. One for each transport. */
abstract class UdpSockets {
    /** The largest payload, and what the kernel coalesces at most. */
    static final int MAX_RECEIVE_BYTES = 65_536;

    /** The same link only: routers between would need multicast routing, which these groups are not meant for. */
    static final int TTL = 1;

    /**
     * Above the high mark a transport is not writable. 256 KiB are 2 ms of a gigabit link, and four of the largest batches, so that the
     * loop always finds something to send; what waits here waits behind the socket's own buffer.
     */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 256 << 10);

    /** How many datagrams, or coalesced ones, are read of one socket before the others get their turn: at most 4 MiB, 2 ms. */
    static final int MESSAGES_IN_A_ROW = 64;

    private static final int MIN_SEND_BUFFER_BYTES = 64 << 10;
    private static final int MAX_SEND_BUFFER_BYTES = 1 << 20;
    private static final int UNKNOWN_LINK_SEND_BUFFER_BYTES = 512 << 10;

    /** Linux {@code errno.h}: EADDRINUSE and EPERM. */
    private static final int ADDRESS_IN_USE = -98;

    private static final int NOT_PERMITTED = -1;

    static UdpSockets of(TransportKind kind) {
        return switch (kind) {
            case EPOLL -> new EpollSockets();
            case NIO -> new NioSockets();
        };
    }

    abstract IoHandlerFactory ioHandlerFactory();

    /** A new channel with the options that differ by kind: DF, TTL, outgoing interface. */
    abstract DatagramChannel newChannel(NetworkChoice choice) throws NetworkException;

    /** Asks for a receive buffer of {@code bytes}; returns what the kernel gives. */
    abstract int receiveBuffer(DatagramChannel channel, int bytes);

    abstract void sendBuffer(DatagramChannel channel, int bytes);

    /** Lets the kernel hand over several datagrams at once where it can. Returns where reads of the channel go. */
    abstract RecvByteBufAllocator receiveAllocator(DatagramChannel channel, int maxDatagramBytes);

    /** Whether a batch can leave in one call and be cut by the kernel or the network card. */
    abstract boolean canSegment();

    abstract void join(DatagramChannel channel, Inet4Address group, NetworkInterface on) throws NetworkException;

    abstract void leave(DatagramChannel channel, Inet4Address group, NetworkInterface on) throws NetworkException;

    /** Datagrams that the kernel dropped at this socket because its buffer was full; 0 where it does not tell. */
    abstract long drops(DatagramChannel channel);

    /** Whether a socket was not bound because another socket of this host has its port. */
    static boolean isPortTaken(Throwable failure) {
        return failure instanceof Errors.NativeIoException refused
                ? refused.expectedErr() == ADDRESS_IN_USE
                : failure instanceof BindException;
    }

    /** Whether a datagram was not sent because a firewall of this host forbids it. */
    static boolean isForbidden(IOException failure) {
        return failure instanceof Errors.NativeIoException refused
                ? refused.expectedErr() == NOT_PERMITTED
                : String.valueOf(failure.getMessage()).contains("Operation not permitted");
    }

    /**
     * Twice this is what the kernel lets a socket have queued, so 2 ms of the link make a queue of 4 ms: long enough to bridge the loop's
     * pauses, short enough for what follows in the queue, and below the 5 ms from which fq_codel drops. Slow links get one full batch.
     */
    static int sendBufferBytes(int linkMbits) {
        if (linkMbits <= 0) {
            return UNKNOWN_LINK_SEND_BUFFER_BYTES;
        }
        long twoMs = linkMbits * 1_000_000L / Byte.SIZE / 500;
        return (int) Math.max(MIN_SEND_BUFFER_BYTES, Math.min(MAX_SEND_BUFFER_BYTES, twoMs));
    }

    /** Makes a channel that does not read before {@code setAutoRead(true)}. */
    final DatagramChannel open(NetworkChoice choice) throws NetworkException {
        DatagramChannel channel = newChannel(choice);
        try {
            configure(channel, choice);
            return channel;
        } catch (RuntimeException e) {
            channel.unsafe().closeForcibly();
            throw new NetworkException("the kernel refuses an option of a socket: " + e.getMessage(), e);
        }
    }

    private void configure(DatagramChannel channel, NetworkChoice choice) {
        channel.config().setAutoRead(false);
        // Buffers of few sizes, again and again: what the pooled allocator keeps at hand. Netty 4.2 would take another
        // one.
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config().setOption(ChannelOption.SO_REUSEADDR, false);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        channel.config().setRecvByteBufAllocator(receiveAllocator(channel, choice.maxDatagramBytes()));
    }
}
