package org.imgblstr.protocol.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import org.imgblstr.protocol.transport.network.NetworkException;

/** Puts datagrams into one socket; on the loop only. Nothing is dropped here: what the kernel does not take yet waits. */
final class Sender {
    /** Kernels before 6.9 take 64 segments a call; 40 of 1472 bytes fill a call of 64 KiB nearly as well. */
    static final int MAX_SEGMENTS = 40;

    /** Below the largest UDP payload over IPv4, 65507. */
    static final int MAX_BATCH_BYTES = 65_000;

    /** Linux {@code errno.h}: EIO (no checksum offload on the way out), EINVAL, ENOPROTOOPT, EOPNOTSUPP: this route cannot segment. */
    private static final Set<Integer> CANNOT_SEGMENT = Set.of(-5, -22, -92, -95);

    private final Channel channel;
    private final ObjIntConsumer<IOException> onFailed;
    private final ChannelFutureListener onOneDone;
    private boolean segments;
    private long failedDatagrams;

    /**
     * @param canSegment whether to let the kernel cut batches
     * @param onFailed told why, and how many datagrams are gone
     */
    Sender(Channel channel, boolean canSegment, ObjIntConsumer<IOException> onFailed) {
        this.channel = channel;
        this.onFailed = onFailed;
        this.segments = canSegment;
        this.onOneDone = done -> {
            if (!done.isSuccess()) {
                fail(done.cause(), 1);
            }
        };
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    boolean isSegmenting() {
        return segments;
    }

    long failedDatagrams() {
        return failedDatagrams;
    }

    void send(ByteBuf datagram, InetSocketAddress to) {
        write(datagram, to);
        channel.flush();
    }

    void sendBatch(ByteBuf datagrams, int segmentBytes, InetSocketAddress to) {
        if (segmentBytes <= 0) {
            datagrams.release();
            throw new IllegalArgumentException("segmentBytes " + segmentBytes + " is not positive");
        }
        try {
            int segmentsInCall = segments ? Math.max(1, Math.min(MAX_SEGMENTS, MAX_BATCH_BYTES / segmentBytes)) : 1;
            while (datagrams.isReadable()) {
                // In long: a segment size near the largest int must not wrap.
                int pieceBytes = (int) Math.min((long) segmentsInCall * segmentBytes, datagrams.readableBytes());
                ByteBuf piece = datagrams.readRetainedSlice(pieceBytes);
                if (pieceBytes > segmentBytes) {
                    writeSegmented(piece, segmentBytes, to);
                } else {
                    write(piece, to);
                }
            }
        } finally {
            datagrams.release();
        }
        channel.flush(); // one sendmmsg for all of them
    }

    private void write(ByteBuf datagram, InetSocketAddress to) {
        channel.write(new DatagramPacket(datagram, to)).addListener(onOneDone);
    }

    private void writeSegmented(ByteBuf piece, int segmentBytes, InetSocketAddress to) {
        ByteBuf again = piece.retainedDuplicate();
        channel.write(new SegmentedDatagramPacket(piece, segmentBytes, to))
                .addListener(done -> onSegmentedDone(done.cause(), again, segmentBytes, to));
    }

    /** Whether a route can segment shows only when it is used; then the batch goes out once more, one datagram a time. */
    private void onSegmentedDone(Throwable cause, ByteBuf again, int segmentBytes, InetSocketAddress to) {
        if (cause == null) {
            again.release();
        } else if (cause instanceof Errors.NativeIoException refused
                && CANNOT_SEGMENT.contains(refused.expectedErr())) {
            segments = false;
            sendBatch(again, segmentBytes, to);
        } else {
            int datagrams = (again.readableBytes() + segmentBytes - 1) / segmentBytes;
            again.release();
            fail(cause, datagrams);
        }
    }

    private void fail(Throwable cause, int datagrams) {
        failedDatagrams += datagrams;
        onFailed.accept(
                cause instanceof IOException io ? io : new NetworkException(cause.toString(), cause), datagrams);
    }
}
