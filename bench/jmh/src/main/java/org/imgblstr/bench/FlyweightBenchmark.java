package org.imgblstr.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;
import org.imgblstr.protocol.wire.SymbolWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What one datagram costs, CRC included: nanoseconds for a symbol of an Ethernet frame, and for a report as long as there can be. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FlyweightBenchmark {
    private static final int SYMBOL_BYTES = Datagram.ETHERNET_SYMBOL_BYTES;
    private static final int TRACKS = 1000;

    private final ByteBuffer track = Tracks.of(Tracks.Content.RANDOM);
    private final ByteBuffer slot = Tracks.room();
    private final SymbolWriter writer = new SymbolWriter();
    private final DatagramBatch batch = new DatagramBatch();
    private final SymbolRun run = new SymbolRun();
    private final ResendRequestFlyweight resendRequest = new ResendRequestFlyweight();
    private final ByteBuf symbol = PooledByteBufAllocator.DEFAULT.directBuffer(2048);
    private final ByteBuf report = PooledByteBufAllocator.DEFAULT.directBuffer(2048);

    @Setup
    public void writeBoth() {
        writeSymbol();
        writeReport();
        if (readSymbol() != SYMBOL_BYTES || readReport() != ResendRequestFlyweight.MAX_RECORDS) {
            throw new IllegalStateException("a datagram written here is not valid");
        }
    }

    @TearDown
    public void release() {
        symbol.release();
        report.release();
    }

    @Benchmark
    public int writeSymbol() {
        writer.start(symbol.clear(), 1).track(3, 182, 0).append(2, false, 4, 6, track, 4 * SYMBOL_BYTES, SYMBOL_BYTES);
        return writer.finish().writerIndex();
    }

    /** From the socket's buffer to the slot: soundness, validity, copy. */
    @Benchmark
    public int readSymbol() {
        batch.start(symbol);
        batch.add(0, symbol.writerIndex());
        if (!batch.isSound(0) || !run.read(batch, 0, TRACKS, SYMBOL_BYTES)) {
            return -1;
        }
        return run.copySymbol(run.firstSymbol(), slot, run.firstSymbol() * SYMBOL_BYTES);
    }

    @Benchmark
    public int writeReport() {
        resendRequest.wrapForWriting(report.clear(), 0).session(1).sequence(2).slave(3);
        for (int i = 0; i < ResendRequestFlyweight.MAX_RECORDS; i++) {
            resendRequest.add(2 * i, 1, 5, 0);
        }
        return resendRequest.seal();
    }

    /** At the master: soundness, validity, each record looked at. */
    @Benchmark
    public int readReport() {
        if (!Datagram.isSound(report) || !resendRequest.wrap(report).isValid(TRACKS, TRACKS)) {
            return -1;
        }
        int tracks = 0;
        for (int i = 0; i < resendRequest.records(); i++) {
            tracks += resendRequest.count(i);
        }
        return tracks;
    }
}
