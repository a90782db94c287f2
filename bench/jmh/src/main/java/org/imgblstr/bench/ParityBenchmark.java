package org.imgblstr.bench;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.protocol.repair.ParityCode;
import org.imgblstr.protocol.wire.Datagram;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Parity of a raw track of 256 KiB in symbols of an Ethernet frame: microseconds for a row, and for a repair of so many losses. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ParityBenchmark {
    private static final int SYMBOL_BYTES = Datagram.ETHERNET_SYMBOL_BYTES;
    private static final int ENCODED_BYTES = EncodedTrack.maxBytes(Tracks.TRACK_BYTES);
    private static final int K = (ENCODED_BYTES + SYMBOL_BYTES - 1) / SYMBOL_BYTES;

    /** A track that was sent. */
    @State(Scope.Thread)
    public static class Sent {
        private final ByteBuffer slot = ByteBuffer.allocateDirect(K * SYMBOL_BYTES);
        private final byte[] row = new byte[SYMBOL_BYTES];

        @Setup
        public void fill() {
            slot.put(0, Tracks.of(Tracks.Content.RANDOM), 0, Tracks.TRACK_BYTES);
        }
    }

    /** The same track as it arrived: some sources lost, as many rows there. */
    @State(Scope.Thread)
    public static class Arrived {
        @Param({"1", "4", "18"})
        private int lost;

        private final BitSet have = new BitSet(K);
        private int[] rows;
        private byte[][] received;
        private byte[][] scratch;

        @Setup
        public void lose(Sent sent) {
            have.set(0, K);
            rows = new int[lost];
            received = new byte[lost][SYMBOL_BYTES];
            scratch = new byte[lost][SYMBOL_BYTES];
            for (int i = 0; i < lost; i++) {
                have.clear(i * K / lost);
                rows[i] = i;
                ParityCode.parity(i, K, SYMBOL_BYTES, sent.slot, received[i]);
            }
        }
    }

    @Benchmark
    public byte[] row(Sent sent) {
        ParityCode.parity(3, K, SYMBOL_BYTES, sent.slot, sent.row);
        return sent.row;
    }

    /** Recovery uses its rows up: copying them is a part of what is measured, a small one. */
    @Benchmark
    public ByteBuffer recover(Sent sent, Arrived arrived) {
        for (int i = 0; i < arrived.lost; i++) {
            System.arraycopy(arrived.received[i], 0, arrived.scratch[i], 0, SYMBOL_BYTES);
        }
        ParityCode.recover(K, SYMBOL_BYTES, sent.slot, arrived.have, arrived.rows, arrived.scratch);
        return sent.slot;
    }
}
