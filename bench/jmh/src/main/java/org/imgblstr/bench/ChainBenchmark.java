package org.imgblstr.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackEncoder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Encoding and decoding of the links of one group, checksums included, in raw bytes a microsecond: MB/s of one thread. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Tracks.TRACK_BYTES * EncodedTrack.CHAIN_TRACKS)
public class ChainBenchmark {
    @Param({"zstd:1", "zstd:3"})
    private String codec;

    @Param({"WORDS", "GAPS", "RANDOM"})
    private Tracks.Content content;

    private final ByteBuffer[] raw = new ByteBuffer[EncodedTrack.CHAIN_TRACKS];
    private final ByteBuffer[] encoded = new ByteBuffer[EncodedTrack.CHAIN_TRACKS];
    private final ByteBuffer decoded = Tracks.room();
    private TrackEncoder encoder;
    private TrackDecoder decoder;

    @Setup
    public void encodeOnce() {
        for (int track = 0; track < raw.length; track++) {
            raw[track] = Tracks.of(content, track);
            encoded[track] = Tracks.room();
        }
        encoder = TrackEncoder.ofChains(CodecChoice.parse(codec));
        decoder = new TrackDecoder();
        encode();
    }

    @TearDown
    public void close() {
        encoder.close();
        decoder.close();
    }

    @Benchmark
    public ByteBuffer[] encode() {
        for (int track = 0; track < raw.length; track++) {
            encoder.encode(track, raw[track], encoded[track].clear());
        }
        return encoded;
    }

    @Benchmark
    public ByteBuffer decode() throws MalformedTrackException {
        for (int track = 0; track < raw.length; track++) {
            decoder.decode(track, Tracks.TRACK_BYTES, encoded[track], decoded.clear());
        }
        return decoded;
    }
}
