package org.imgblstr.protocol.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the datagrams of one socket to the listener of its transport. All datagrams of one sender in one read are
 * handed over in one call.
 */
final class Receiver extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    private final Transport transport;
    private final DatagramBatch batch = new DatagramBatch();
    private InetSocketAddress from;

    Receiver(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            if (packet.content() instanceof ReceiveBuffer buffer) {
                onPacketOf(buffer, packet.sender());
            } else {
                batch.start(packet.content());
                batch.add(packet.content().readerIndex(), packet.content().readableBytes());
                deliver(packet.sender());
            }
        } finally {
            packet.release();
        }
    }

    private void onPacketOf(ReceiveBuffer buffer, InetSocketAddress sender) {
        if (batch.count() == 0) {
            batch.start(buffer);
        } else if (!sender.equals(from)) {
            deliver(from);
            batch.start(buffer);
        }
        from = sender;
        buffer.takeNext(batch);
        if (!buffer.hasMore()) {
            deliver(sender);
        }
    }

    private void deliver(InetSocketAddress sender) {
        ByteBuf buffer = batch.buffer();
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        try {
            transport.listener().onDatagrams(batch, sender);
        } catch (Throwable fault) { // not through guard(): that would make an object for each batch
            transport.onFault(fault);
        } finally {
            buffer.setIndex(start, end);
            batch.start(buffer);
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
