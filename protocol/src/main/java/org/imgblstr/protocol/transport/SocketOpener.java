package org.imgblstr.protocol.transport;

import io.netty.channel.ChannelOption;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;

/** Opens the sockets of a transport, and closes them at its end. Any thread. */
final class SocketOpener {
    /** Less than this overflows at a gigabit (120 MB/s) when the loop is held up for 20 ms, as a busy machine does. */
    private static final int ENOUGH_RECEIVE_BYTES = 2 << 20;

    private final Transport transport;
    private final UdpSockets sockets;
    private final SingleThreadIoEventLoop loop;
    private final Consumer<String> onWarning;
    /** The sockets that are open. */
    private final Queue<DatagramChannel> channels = new ConcurrentLinkedQueue<>();

    /** {@code onWarning}: told what makes a session slow. */
    SocketOpener(Transport transport, UdpSockets sockets, SingleThreadIoEventLoop loop, Consumer<String> onWarning) {
        this.transport = transport;
        this.sockets = sockets;
        this.loop = loop;
        this.onWarning = onWarning;
    }

    /** As {@link #open}, for callers that are not the loop. */
    DatagramChannel openAndWait(NetworkChoice network, InetSocketAddress local, int receiveBytes)
            throws NetworkException {
        CompletableFuture<DatagramChannel> opened = new CompletableFuture<>();
        open(network, local, receiveBytes, (channel, failure) -> {
            if (failure == null) {
                opened.complete(channel);
            } else {
                opened.completeExceptionally(failure);
            }
        });
        return await(opened);
    }

    /**
     * Opens and binds a socket that does not read yet. A port of a group is shared with others on this host.
     *
     * @param onOpened given the socket or the failure, on the loop
     */
    void open(
            NetworkChoice network,
            InetSocketAddress local,
            int receiveBytes,
            BiConsumer<DatagramChannel, NetworkException> onOpened) {
        DatagramChannel channel;
        try {
            channel = configured(sockets.open(network), local, receiveBytes);
        } catch (NetworkException e) {
            transport.execute(() -> onOpened.accept(null, e));
            return;
        }
        channels.add(channel);
        channel.closeFuture().addListener(closed -> channels.remove(channel));
        loop.register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                channel.bind(local).addListener(bound -> onBound(channel, local, bound.cause(), onOpened));
            } else {
                onBound(channel, local, registered.cause(), onOpened);
            }
        });
    }

    private DatagramChannel configured(DatagramChannel channel, InetSocketAddress local, int receiveBytes)
            throws NetworkException {
        try {
            channel.config()
                    .setOption(ChannelOption.SO_REUSEADDR, local.getAddress().isMulticastAddress());
            checkReceiveBuffer(sockets.receiveBuffer(channel, receiveBytes), receiveBytes);
            channel.pipeline().addLast(new Receiver(transport));
            return channel;
        } catch (RuntimeException e) {
            channel.unsafe().closeForcibly();
            throw new NetworkException("no socket for " + local + ": " + e.getMessage(), e);
        }
    }

    private void onBound(
            DatagramChannel channel,
            InetSocketAddress local,
            Throwable failure,
            BiConsumer<DatagramChannel, NetworkException> onOpened) {
        if (failure == null) {
            transport.guard(() -> onOpened.accept(channel, null));
        } else {
            channel.unsafe().closeForcibly();
            NetworkException cause =
                    new NetworkException("no socket for " + local + ": " + failure.getMessage(), failure);
            transport.guard(() -> onOpened.accept(null, cause));
        }
    }

    /** On the loop. */
    void closeAll() {
        channels.forEach(Transport::close);
    }

    private static DatagramChannel await(CompletableFuture<DatagramChannel> future) throws NetworkException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NetworkException network
                    ? network
                    : new NetworkException("no socket could be opened: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted while a socket was opened", e);
        }
    }

    private void checkReceiveBuffer(int bytes, int wanted) {
        if (bytes >= Math.min(ENOUGH_RECEIVE_BYTES, wanted)) {
            return;
        }
        String warning = "the kernel allows a receive buffer of only " + (bytes >> 10)
                + " KiB, so datagrams will be lost at high rates;"
                + " run as root, or allow more: sysctl -w net.core.rmem_max=" + wanted;
        onWarning.accept(warning);
    }
}
