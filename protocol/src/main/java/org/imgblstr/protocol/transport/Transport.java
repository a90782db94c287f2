package org.imgblstr.protocol.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
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

    /** The kernel chooses a port. */
    static final int ANY_PORT = 0;

    private static final long CLOSE_LIMIT_MS = 2_000;
    private static final Scheduled NEVER = () -> {};

    private volatile NetworkChoice network;
    private final TransportKind kind;
    private final UdpSockets sockets;
    private GroupMembership groups;
    private final SingleThreadIoEventLoop loop;
    private final List<String> warnings = new ArrayList<>();
    private volatile TransportListener listener;
    private volatile boolean closing;
    private final SocketOpener opener;
    private final HostSocket host;
    private int hostPort;
    private int hostReceiveBytes;
    private boolean isMoveFailed;

    Transport(NetworkChoice network, TransportKind kind, UdpSockets sockets) {
        this.network = network;
        this.kind = kind;
        this.sockets = sockets;
        this.groups = new GroupMembership(network, sockets);
        this.host = new HostSocket(sockets, this::onSendFailed);
        ReversePath.warning(network).ifPresent(warnings::add);
        // A loop without a group: a group's end wakes a thread of Netty's that holds up the end of the program.
        this.loop = new SingleThreadIoEventLoop(
                null, new DefaultThreadFactory("imgblstr-net", true), sockets.ioHandlerFactory());
        this.opener = new SocketOpener(this, sockets, loop, this::warnOnce);
    }

    /** Opens the socket of this host at {@code port}; {@code receiveBytes} is the receive buffer to ask for. */
    final void openUnicast(int port, int receiveBytes) throws NetworkException {
        host.use(openAndWait(new InetSocketAddress(network.address(), port), receiveBytes), network);
        hostPort = port;
        hostReceiveBytes = receiveBytes;
    }

    /**
     * Begins to hear. Until then datagrams wait in the sockets.
     *
     * @param newListener told everything, on the loop
     * @param first run on the loop before anything is heard: who is told of a datagram must be ready for it
     */
    public final void start(TransportListener newListener, Runnable first) {
        if (listener != null) {
            throw new IllegalStateException("a transport starts once");
        }
        listener = newListener;
        execute(() -> {
            first.run();
            startReading();
            new AddressKeeper(this, InterfaceChooser::again).start();
        });
    }

    /** On the loop: lets every socket read. */
    void startReading() {
        host.startReading();
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
        return host.channel().localAddress();
    }

    /** The interface of this transport, and its address, which may change while a session lasts. */
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
        return host.channel().alloc().directBuffer(bytes);
    }

    /** Sends one datagram, of at most {@code network().maxDatagramBytes()} bytes, and releases it. */
    public final void send(ByteBuf datagram, InetSocketAddress to) {
        host.sender().send(datagram, to);
    }

    /**
     * Sends datagrams that lie one after the other, in order, with as few system calls as possible, and releases the buffer.
     *
     * @param datagrams any number of them, each of {@code segmentBytes} bytes; the last may be shorter
     * @param segmentBytes 1 to {@code network().maxDatagramBytes()}
     * @param to group or host
     */
    public final void sendBatch(ByteBuf datagrams, int segmentBytes, InetSocketAddress to) {
        host.sender().sendBatch(datagrams, segmentBytes, to);
    }

    /**
     * False while more than 256 KiB wait for the socket, until less than 64 KiB do: then {@code onWritable} is called. Sending all the
     * same loses nothing, but takes memory.
     */
    public final boolean isWritable() {
        return host.sender().isWritable();
    }

    /** Datagrams that the kernel refused to send, ever. */
    public final long failedDatagrams() {
        return host.failedDatagrams();
    }

    /** Whether the kernel or the network card still cuts batches; false for good once it has refused to. */
    public final boolean isSegmenting() {
        return host.sender().isSegmenting();
    }

    /**
     * Datagrams that the kernel dropped since the opening because a socket's buffer was full; 0 always with NIO, which cannot tell.
     */
    public long socketDrops() {
        return host.drops();
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
                opener.closeAll();
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

    /** On the loop: the interface has another address, or was without one: opens the socket of this host anew and joins all groups again. */
    final void moveTo(NetworkChoice next) {
        network = next;
        groups = new GroupMembership(next, sockets);
        host.close();
        openSocket(new InetSocketAddress(next.address(), hostPort), hostReceiveBytes, this::onMoved);
        rejoin();
    }

    private void onMoved(DatagramChannel channel, NetworkException failure) {
        if (failure != null) {
            if (!isMoveFailed) {
                isMoveFailed = true;
                warn(failure.getMessage() + "; the session waits and tries again");
            }
        } else {
            isMoveFailed = false;
            host.use(channel, network);
            host.startReading();
            listener.onWritable();
        }
    }

    /** On the loop: whether the socket of this host is there. */
    final boolean isOpen() {
        return host.channel().isOpen();
    }

    /** On the loop: leaves and joins all groups again, so that the kernel and switches that have forgotten this host hear of it. */
    public abstract void rejoin();

    /** On the loop: whether the kernel still lists all groups that this transport hears. */
    abstract boolean areGroupsJoined();

    /** On the loop: tells the operator. */
    final void warn(String message) {
        if (!closing) {
            guard(() -> listener.onWarning(message));
        }
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

    /** As {@link SocketOpener#openAndWait}. */
    final DatagramChannel openAndWait(InetSocketAddress local, int receiveBytes) throws NetworkException {
        return opener.openAndWait(network, local, receiveBytes);
    }

    /** As {@link SocketOpener#open}. */
    final void openSocket(
            InetSocketAddress local, int receiveBytes, BiConsumer<DatagramChannel, NetworkException> onOpened) {
        opener.open(network, local, receiveBytes, onOpened);
    }

    static void close(DatagramChannel channel) {
        channel.close().addListener(closed -> {
            if (!closed.isSuccess()) {
                LOG.debug("error while closing {}", channel, closed.cause());
            }
        });
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

    /** Any thread, until the transport is open. */
    private void warnOnce(String warning) {
        synchronized (warnings) {
            if (!warnings.contains(warning)) {
                warnings.add(warning);
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
}
