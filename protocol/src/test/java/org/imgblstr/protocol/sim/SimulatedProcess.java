package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;

/**
 * The program of a simulated slave as its machine runs it: stopped for a while, or slower than what comes. Meanwhile the socket holds so many
 * bytes and drops the rest. Without a word of a test it takes each datagram at once.
 */
final class SimulatedProcess {
    private record Arrived(ByteBuf datagram, InetSocketAddress from) {}

    private final SimulatedLan lan;
    private final BiConsumer<ByteBuf, InetSocketAddress> program;
    private final ArrayDeque<Arrived> socket = new ArrayDeque<>();
    private int socketBytes = Integer.MAX_VALUE;
    private long bytesPerSecond = Long.MAX_VALUE;
    private int heldBytes;
    private long freeNs = Long.MIN_VALUE;
    private long stoppedUntilNs = Long.MIN_VALUE;
    private boolean isTaking;
    private int dropped;

    SimulatedProcess(SimulatedLan lan, BiConsumer<ByteBuf, InetSocketAddress> program) {
        this.lan = lan;
        this.program = program;
    }

    /** The socket holds so many bytes of datagrams, the program takes so many in a second. */
    SimulatedProcess takes(int newSocketBytes, long newBytesPerSecond) {
        socketBytes = newSocketBytes;
        bytesPerSecond = newBytesPerSecond;
        return this;
    }

    /** SIGSTOP, and SIGCONT so much later. */
    void stopFor(Duration time) {
        stoppedUntilNs = Math.max(stoppedUntilNs, lan.nowNs() + time.toNanos());
    }

    /** Datagrams that the full socket dropped. */
    int dropped() {
        return dropped;
    }

    void onDatagram(ByteBuf datagram, InetSocketAddress from) {
        if (heldBytes + datagram.readableBytes() > socketBytes) {
            dropped++;
            return;
        }
        if (!isTaking && bytesPerSecond == Long.MAX_VALUE && !isStopped()) {
            program.accept(datagram, from);
            return;
        }
        heldBytes += datagram.readableBytes();
        socket.add(new Arrived(datagram, from));
        if (!isTaking) {
            isTaking = true;
            at(Math.max(freeNs, lan.nowNs()), this::takeNext);
        }
    }

    private void takeNext() {
        Arrived next = socket.remove();
        int bytes = next.datagram().readableBytes();
        heldBytes -= bytes;
        program.accept(next.datagram(), next.from());
        isTaking = !socket.isEmpty();
        freeNs = lan.nowNs() + (long) (bytes * 1e9 / bytesPerSecond);
        if (isTaking) {
            at(freeNs, this::takeNext);
        }
    }

    /** Runs what is due at a time, or when the program runs again. */
    void at(long dueNs, Runnable run) {
        lan.at(dueNs, () -> {
            if (isStopped()) {
                at(stoppedUntilNs, run);
            } else {
                run.run();
            }
        });
    }

    private boolean isStopped() {
        return stoppedUntilNs > lan.nowNs();
    }
}
