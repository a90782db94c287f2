package org.imgblstr.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.imgblstr.codec.EncodedTrack;

/** Tracks to measure with: the same bytes in each run. */
public final class Tracks {
    static final int TRACK_BYTES = 512 * 512;

    private static final long SEED = 6_144_992;
    private static final int WORDS = 2000;

    private Tracks() {}

    /** What a track holds. */
    public enum Content {
        /** Words of which few are frequent: about as dense as the files of a system. */
        WORDS,
        /** As WORDS, but half of each 4 KiB is zeros. */
        GAPS,
        /** What does not compress. */
        RANDOM
    }

    /** A direct buffer with one track. */
    static ByteBuffer of(Content content) {
        return of(content, 0);
    }

    /** The track of that number, each with other bytes; words are the same in all. */
    static ByteBuffer of(Content content, int track) {
        byte[] bytes =
                switch (content) {
                    case WORDS -> words(track);
                    case GAPS -> gaps(track);
                    case RANDOM -> random(track);
                };
        return direct(TRACK_BYTES).put(0, bytes);
    }

    /** A direct buffer with room for one encoded track. */
    static ByteBuffer room() {
        return direct(EncodedTrack.maxBytes(TRACK_BYTES));
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    private static byte[] random(int track) {
        byte[] bytes = new byte[TRACK_BYTES];
        new Random(SEED + track).nextBytes(bytes);
        return bytes;
    }

    private static byte[] words(int track) {
        Random random = new Random(SEED);
        byte[][] words = new byte[WORDS][];
        for (int i = 0; i < WORDS; i++) {
            words[i] = (Long.toString(random.nextLong() >>> (16 + random.nextInt(40)), 36) + " ")
                    .getBytes(StandardCharsets.US_ASCII);
        }
        random = track == 0 ? random : new Random(SEED + track);
        byte[] bytes = new byte[TRACK_BYTES];
        for (int at = 0; at < TRACK_BYTES; ) {
            double square = random.nextDouble() * random.nextDouble();
            byte[] word = words[(int) (square * WORDS)];
            int count = Math.min(word.length, TRACK_BYTES - at);
            System.arraycopy(word, 0, bytes, at, count);
            at += count;
        }
        return bytes;
    }

    private static byte[] gaps(int track) {
        byte[] bytes = words(track);
        for (int page = 0; page < TRACK_BYTES; page += 4096) {
            Arrays.fill(bytes, page + 2048, page + 4096, (byte) 0);
        }
        return bytes;
    }
}
