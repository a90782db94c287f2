package org.imgblstr.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Tracks of the kinds of content that disks have, by seed. */
final class Samples {
    /** Kinds of content. */
    enum Content {
        RANDOM,
        ZEROS,
        ALMOST_ZEROS,
        TEXT,
        RUNS,
        SHORT_RUNS,
        ALTERNATING,
        HALF_RANDOM
    }

    /** Of tracks: shortest, odd, with and without a last block of its own, longest by default. */
    static final int[] LENGTHS = {512, 1024, 4096, 4608, 65_536, 261_632, 262_144};

    /** Each codec, and levels of zstd of all kinds. */
    static final List<CodecChoice> CHOICES = Stream.of("none", "rle", "zstd", "zstd:9", "zstd:-5")
            .map(CodecChoice::parse)
            .toList();

    private static final byte[] WORDS =
            "the quick brown sector jumps over the lazy track of a drive ".getBytes(StandardCharsets.US_ASCII);

    private Samples() {}

    /** A track as a fresh encoder makes it. */
    static byte[] encoded(CodecChoice choice, int track, byte[] raw, boolean direct) {
        var out = room(EncodedTrack.maxBytes(raw.length), direct);
        try (var encoder = new TrackEncoder(choice)) {
            if (encoder.encode(track, framed(raw, direct), out) != TrackKind.DATA) {
                throw new IllegalArgumentException("a track of zeros is not encoded");
            }
        }
        return bytesOf(out);
    }

    static byte[] track(Content content, int bytes, long seed) {
        var random = new Random(seed);
        byte[] track = new byte[bytes];
        switch (content) {
            case RANDOM -> random.nextBytes(track);
            case ZEROS -> {}
            case ALMOST_ZEROS -> track[random.nextInt(bytes)] = 1;
            case TEXT -> fillWithWords(track, random);
            case RUNS -> fillWithRuns(track, random, 5000);
            case SHORT_RUNS -> fillWithRuns(track, random, 12);
            case ALTERNATING -> fillAlternating(track, random);
            case HALF_RANDOM -> fillHalf(track, random);
        }
        return track;
    }

    private static void fillWithWords(byte[] track, Random random) {
        int at = 0;
        while (at < track.length) {
            int from = random.nextInt(WORDS.length);
            int count = Math.min(random.nextInt(WORDS.length - from) + 1, track.length - at);
            System.arraycopy(WORDS, from, track, at, count);
            at += count;
        }
    }

    private static void fillWithRuns(byte[] track, Random random, int longest) {
        int at = 0;
        while (at < track.length) {
            int end = Math.min(track.length, at + 1 + random.nextInt(longest));
            Arrays.fill(track, at, end, (byte) random.nextInt());
            at = end;
        }
    }

    private static void fillAlternating(byte[] track, Random random) {
        byte[] two = new byte[2];
        random.nextBytes(two);
        for (int i = 0; i < track.length; i++) {
            track[i] = two[i % 2];
        }
    }

    private static void fillHalf(byte[] track, Random random) {
        random.nextBytes(track);
        Arrays.fill(track, track.length / 3, track.length * 5 / 6, (byte) 0);
    }

    static boolean isZero(byte[] track) {
        for (byte b : track) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** The bytes in a direct or heap buffer, with other bytes before and behind them that do not belong to them. */
    static ByteBuffer framed(byte[] bytes, boolean direct) {
        var buffer = room(bytes.length, direct);
        buffer.put(buffer.position(), bytes);
        return buffer;
    }

    /** Room for so many bytes between position and limit, with a few bytes before and behind it. */
    static ByteBuffer room(int bytes, boolean direct) {
        int around = 13;
        var buffer = direct ? ByteBuffer.allocateDirect(bytes + 2 * around) : ByteBuffer.allocate(bytes + 2 * around);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0x5A);
        }
        return buffer.limit(around + bytes).position(around);
    }

    static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
