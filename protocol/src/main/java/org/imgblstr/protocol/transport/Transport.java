package org.imgblstr.protocol.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.imgblstr.protocol.transport.network.ReversePath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of one session and its only thread, the loop. Both sides have a socket of their own port for what is sent and for what comes
 * to this host alone; subclasses add the groups.
 *
 * <p>Threads: {@link #start}, {@link #execute}, {@link #schedule}, {@link #nowNs}, {@link #warnings}, {@link #localAddress} and
 * {@link #close} may be called anywhere, everything else on the loop.
 */
public abstract class Transport implements Timers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    /** Less than this overflows at a gigabit (120 MB/s) when the loop is held up for 20 ms, as a busy machine does. */
    private static final int ENOUGH_RECEIVE_BYTES = 2 << 20;

    private static final int MIN_SEND_BUFFER_BYTES = 64 << 10;
    private static final int MAX_SEND_BUFFER_BYTES = 1 << 20;
    private static final int UNKNOWN_LINK_SEND_BUFFER_BYTES = 512 << 10;

    /** The kernel chooses a port. */
    static final int ANY_PORT = 0;

    private static final long CLOSE_LIMIT_MS = 2_000;
    private static final Scheduled NEVER = () -> {};

    private final NetworkChoice network;
    private final TransportKind kind;
    private final UdpSockets sockets;
    private final GroupMembership groups;
    private final SingleThreadIoEventLoop loop;
    private final List<String> warnings = new ArrayList<>();
    private volatile TransportListener listener;
    private volatile boolean closing;
    /** Every socket that was ever opened: two or three. */
    private final Queue<DatagramChannel> channels = new ConcurrentLinkedQueue<>();

    private DatagramChannel unicast;
    private Sender sender;

    Transport(NetworkChoice network, TransportKind kind, UdpSockets sockets) {
        this.network = network;
        this.kind = kind;
        this.sockets = sockets;
        this.groups = new GroupMembership(network, sockets);
        ReversePath.warning(network).ifPresent(warnings::add);
        // A loop without a group: a group's end wakes a thread of Netty's that holds up the end of the program.
        this.loop = new SingleThreadIoEventLoop(
                null, new DefaultThreadFactory("imgblstr-net", true), sockets.ioHandlerFactory());
    }

    /** Opens the socket of this host at {@code port}; {@code receiveBytes} is the receive buffer to ask for. */
    final void openUnicast(int port, int receiveBytes) throws NetworkException {
        unicast = openAndWait(new InetSocketAddress(network.address(), port), receiveBytes);
        sockets.sendBuffer(unicast, sendBufferBytes(network.linkMbits()));
        sender = new Sender(unicast, sockets.canSegment(), this::onSendFailed);
    }

    /**
     * Begins to hear. Until then datagrams wait in the sockets.
     *
     * @param newListener told everything, on the loop
     */
    public final void start(TransportListener newListener) {
        if (listener != null) {
            throw new IllegalStateException("a transport starts once");
        }
        listener = newListener;
        execute(this::startReading);
    }

    /** On the loop: lets every socket read. */
    void startReading() {
        unicast.config().setAutoRead(true);
    }

    /** Runs {@code task} on the loop, after what was given before; what it throws is a fault. Dropped once the transport is closed. */
    @Override
    public final void execute(Runnable task) {
        try {
            loop.execute(() -> guard(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("a task came after the end of its transport");
        }
    }

    /**
     * Runs {@code task} once on the loop, after {@code delayNs} nanoseconds or a little later: with epoll, to some tens of microseconds.
     * What it throws is a fault.
     */
    @Override
    public final Scheduled schedule(Runnable task, long delayNs) {
        try {
            Future<?> future = loop.schedule(() -> guard(task), Math.max(0, delayNs), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return NEVER;
        }
    }

    /** The clock of the loop's timers: nanoseconds since some moment, monotonic, may wrap. */
    @Override
    public final long nowNs() {
        return System.nanoTime();
    }

    /** Whether the caller is the loop. */
    public final boolean isOnLoop() {
        return loop.inEventLoop();
    }

    /** This host's address and the port that answers come to. */
    public final InetSocketAddress localAddress() {
        return unicast.localAddress();
    }

    /** The interface of this transport. */
    public final NetworkChoice network() {
        return network;
    }

    /** Which sockets this transport uses. */
    public final TransportKind kind() {
        return kind;
    }

    /** Sentences for the operator about what will make this session slow, each with its remedy; complete once the transport is open. */
    public final List<String> warnings() {
        synchronized (warnings) {
            return List.copyOf(warnings);
        }
    }

    /** A direct buffer to write datagrams into, to be given to a send method or released. */
    public final ByteBuf allocate(int bytes) {
        return unicast.alloc().directBuffer(bytes);
    }

    /** Sends one datagram, of at most {@code network().maxDatagramBytes()} bytes, and releases it. */
    public final void send(ByteBuf datagram, InetSocketAddress to) {
        sender.send(datagram, to);
    }

    /**
     * Sends datagrams that lie one after the other, in order, with as few system calls as possible, and releases the buffer.
     *
     * @param datagrams any number of them, each of {@code segmentBytes} bytes; the last may be shorter
     * @param segmentBytes 1 to {@code network().maxDatagramBytes()}
     * @param to group or host
     */
    public final void sendBatch(ByteBuf datagrams, int segmentBytes, InetSocketAddress to) {
        sender.sendBatch(datagrams, segmentBytes, to);
    }

    /**
     * False while more than 256 KiB wait for the socket, until less than 64 KiB do: then {@code onWritable} is called. Sending all the
     * same loses nothing, but takes memory.
     */
    public final boolean isWritable() {
        return sender.isWritable();
    }

    /** Datagrams that the kernel refused to send, ever. */
    public final long failedDatagrams() {
        return sender.failedDatagrams();
    }

    /** Whether the kernel or the network card still cuts batches; false for good once it has refused to. */
    public final boolean isSegmenting() {
        return sender.isSegmenting();
    }

    /**
     * Datagrams that the kernel dropped since the opening because a socket's buffer was full; 0 always with NIO, which cannot tell.
     */
    public long socketDrops() {
        return sockets.drops(unicast);
    }

    /**
     * Leaves the groups, closes the sockets and ends the loop. Waits for that at most 2 s, not at all on the loop. What waits for a full
     * socket is lost. A second call does nothing.
     */
    @Override
    public final void close() {
        if (!closing) {
            closing = true;
            execute(() -> {
                leaveGroups();
                // Not left to the end of the loop, which closes them some time later or never.
                channels.forEach(Transport::close);
            });
        }
        Future<?> ended = loop.shutdownGracefully(0, CLOSE_LIMIT_MS, TimeUnit.MILLISECONDS);
        if (!loop.inEventLoop() && !ended.awaitUninterruptibly(CLOSE_LIMIT_MS)) {
            LOG.warn("the network thread has not stopped in time; it ends when the program ends");
        }
    }

    /** Whether the loop has ended, after {@link #close}: it calls nobody any more. */
    public final boolean isEnded() {
        return loop.isTerminated();
    }

    /** On the loop: leaves all groups that were joined, so that nothing depends on when a socket is closed for good. */
    void leaveGroups() {}

    final GroupMembership groups() {
        return groups;
    }

    final UdpSockets sockets() {
        return sockets;
    }

    final TransportListener listener() {
        return listener;
    }

    final boolean isClosing() {
        return closing;
    }

    /** {@link #openSocket}, for callers that are not the loop. */
    final DatagramChannel openAndWait(InetSocketAddress local, int receiveBytes) throws NetworkException {
        CompletableFuture<DatagramChannel> opened = new CompletableFuture<>();
        openSocket(local, receiveBytes, (channel, failure) -> {
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
    final void openSocket(
            InetSocketAddress local, int receiveBytes, BiConsumer<DatagramChannel, NetworkException> onOpened) {
        DatagramChannel channel;
        try {
            channel = configured(sockets.open(network), local, receiveBytes);
        } catch (NetworkException e) {
            execute(() -> onOpened.accept(null, e));
            return;
        }
        channels.add(channel);
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
            channel.pipeline().addLast(new Receiver(this));
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
            guard(() -> onOpened.accept(channel, null));
        } else {
            channel.unsafe().closeForcibly();
            NetworkException cause =
                    new NetworkException("no socket for " + local + ": " + failure.getMessage(), failure);
            guard(() -> onOpened.accept(null, cause));
        }
    }

    static void close(DatagramChannel channel) {
        channel.close().addListener(closed -> {
            if (!closed.isSuccess()) {
                LOG.debug("error while closing {}", channel, closed.cause());
            }
        });
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

    /** Runs {@code task}; what it throws goes to the listener, so that no fault is lost in a log. */
    final void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) { // also an Error: a session that goes on after one might report success
            onFault(fault);
        }
    }

    final void onFault(Throwable fault) {
        LOG.error("a callback of the network loop failed", fault);
        TransportListener told = listener;
        if (told != null) {
            try {
                told.onFault(fault);
            } catch (RuntimeException e) {
                LOG.error("reporting that failure to the session failed as well", e);
            }
        }
    }

    private void onSendFailed(IOException cause, int datagrams) {
        LOG.debug("{} datagrams not sent", datagrams, cause);
        if (!closing && listener != null) {
            guard(() -> {
                listener.onSendFailed(datagrams, cause);
                if (UdpSockets.isForbidden(cause)) {
                    listener.onSendForbidden();
                }
            });
        }
    }

    private void checkReceiveBuffer(int bytes, int wanted) {
        if (bytes >= Math.min(ENOUGH_RECEIVE_BYTES, wanted)) {
            return;
        }
        String warning = "the kernel allows a receive buffer of only " + (bytes >> 10)
                + " KiB, so datagrams will be lost at high rates;"
                + " run as root, or allow more: sysctl -w net.core.rmem_max=" + wanted;
        synchronized (warnings) {
            if (!warnings.contains(warning)) {
                warnings.add(warning);
            }
        }
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
}
