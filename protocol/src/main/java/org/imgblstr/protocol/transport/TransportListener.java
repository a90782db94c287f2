package org.imgblstr.protocol.transport;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.wire.DatagramBatch;

/** What a transport tells its session. Every method is called on the transport's loop. */
public interface TransportListener {
    /**
     * A datagram has arrived: what {@link #onDatagrams} makes of a batch unless it is implemented too.
     *
     * @param datagram its payload from reader to writer index; valid only during the call
     * @param from the sender's address and port
     */
    void onDatagram(ByteBuf datagram, InetSocketAddress from);

    /**
     * Datagrams of one sender have arrived together.
     *
     * @param batch valid only during the call, as is its buffer
     * @param from the sender's address and port
     */
    default void onDatagrams(DatagramBatch batch, InetSocketAddress from) {
        ByteBuf buffer = batch.buffer();
        for (int i = 0; i < batch.count(); i++) {
            onDatagram(buffer.setIndex(batch.offset(i), batch.offset(i) + batch.length(i)), from);
        }
    }

    /**
     * A callback or a task threw. This is a fault of the program: the session must end as failed.
     *
     * @param cause what was thrown
     */
    void onFault(Throwable cause);

    /** {@code isWritable()} has become true again. */
    default void onWritable() {}

    /**
     * Datagrams could not be sent and are gone, as if the network had lost them.
     *
     * @param datagrams how many
     * @param cause of the kernel
     */
    default void onSendFailed(int datagrams, IOException cause) {}

    /** Told after {@link #onSendFailed} when a firewall of this host does not let datagrams out. */
    default void onSendForbidden() {}

    /**
     * Something about the network that the operator should know; the transport goes on: a group could not be joined, the address of the
     * interface was lost, is there again or is another one.
     *
     * @param message one sentence
     */
    default void onWarning(String message) {}
}
