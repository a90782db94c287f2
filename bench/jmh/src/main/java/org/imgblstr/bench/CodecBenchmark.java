package org.imgblstr.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Encoding and decoding of one track that stands alone, checksums included, in raw bytes a microsecond: MB/s of one thread. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Tracks.TRACK_BYTES)
public class CodecBenchmark {
    @Param({"none", "rle", "zstd:1", "zstd:3"})
    private String codec;

    @Param({"WORDS", "GAPS", "RANDOM"})
    private Tracks.Content content;

    private final ByteBuffer encoded = Tracks.room();
    private final ByteBuffer decoded = Tracks.room();
    private ByteBuffer raw;
    private TrackEncoder encoder;
    private TrackDecoder decoder;

    @Setup
    public void encodeOnce() {
        raw = Tracks.of(content);
        encoder = new TrackEncoder(CodecChoice.parse(codec));
        decoder = new TrackDecoder();
        encode();
    }

    @TearDown
    public void close() {
        encoder.close();
        decoder.close();
    }

    @Benchmark
    public TrackKind encode() {
        return encoder.encode(0, raw, encoded.clear());
    }

    @Benchmark
    public ByteBuffer decode() throws MalformedTrackException {
        decoder.decode(0, Tracks.TRACK_BYTES, encoded, decoded.clear());
        return decoded;
    }
}
