package org.imgblstr.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.Zeros;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What is done with every byte of a disk besides encoding, in bytes a microsecond: MB/s of one thread. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Tracks.TRACK_BYTES)
public class ChecksumBenchmark {
    private final ByteBuffer content = Tracks.of(Tracks.Content.RANDOM);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(Tracks.TRACK_BYTES);

    @Benchmark
    public long trackChecksum() {
        return TrackChecksum.of(content);
    }

    /** The longest case: a track that is zero to its last byte. */
    @Benchmark
    public boolean zeroTrack() {
        return Zeros.isZero(zeros);
    }
}
