package org.imgblstr.protocol.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what one socket hears to the listener of its transport. */
final class Receiver extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    private final Transport transport;

    Receiver(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            transport.listener().onDatagram(packet.content(), packet.sender());
        } catch (Throwable fault) { // not through guard(): that would make an object for each datagram
            transport.onFault(fault);
        } finally {
            packet.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // Later, not now: this call comes from the midst of a flush, and the listener will want to send.
        if (context.channel().isWritable() && transport.listener() != null) {
            transport.execute(transport.listener()::onWritable);
        }
    }

    /** The socket itself reported an error, for instance of a link that went down; it goes on hearing. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("error of socket {}", context.channel(), cause);
    }
}
