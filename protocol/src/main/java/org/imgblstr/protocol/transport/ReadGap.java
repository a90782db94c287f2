package org.imgblstr.protocol.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the loop rest after a read of the data group that brought few datagrams, so that the next read brings more. A network card does the
 * same with its interrupts: a wake-up for each datagram costs several times what the datagram itself costs. While the loop rests, datagrams
 * wait in the socket, which holds a hundred times as much. A read that brings many datagrams is followed by the next one at once.
 */
final class ReadGap extends ChannelInboundHandlerAdapter {
    /** Datagrams that a read should bring: beyond that the wake-up costs little in comparison. */
    static final int WANTED = 32;

    /** A tenth of the shortest report interval: the master does not notice it. */
    static final long LONGEST_NS = 2_000_000;

    /** Shorter rests are not kept by the kernel, whose timers are late by 50 us. */
    static final long SHORTEST_NS = 125_000;

    private int packets;
    private long gapNs;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        packets += datagrams((DatagramPacket) message);
        context.fireChannelRead(message);
    }

    private static int datagrams(DatagramPacket packet) {
        return packet.content() instanceof ReceiveBuffer buffer && buffer.isCoalesced() ? WANTED : 1;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        gapNs = next(gapNs, packets);
        packets = 0;
        context.fireChannelReadComplete();
        if (gapNs > 0) {
            LockSupport.parkNanos(gapNs);
        }
    }

    /**
     * The rest after a read, in nanoseconds, 0 to {@link #LONGEST_NS}.
     *
     * @param lastNs the rest before the read
     * @param datagrams what the read brought
     */
    static long next(long lastNs, int datagrams) {
        if (datagrams >= 2 * WANTED) {
            return lastNs / 2 < SHORTEST_NS ? 0 : lastNs / 2;
        }
        return datagrams >= WANTED ? lastNs : Math.min(LONGEST_NS, Math.max(SHORTEST_NS, 2 * lastNs));
    }
}
