package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.imgblstr.fuzz.FuzzInput;

/**
 * Tokens of the run-length code: decode to exactly as many bytes as were asked for or to the one exception, and write nothing else. What was
 * decoded is encoded to the same again, in no more room than it has itself.
 */
public final class RunLengthFuzz {
    private static final int MOST_BYTES = 1 << 16;
    private static final byte UNTOUCHED = 0x5A;
    private static final byte[] RAW = new byte[MOST_BYTES + 1];
    private static final byte[] ENCODED = new byte[MOST_BYTES];
    private static final byte[] AGAIN = new byte[MOST_BYTES];

    private RunLengthFuzz() {}

    /** The length that is asked for, two bytes; then the tokens. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int length = 1 + in.u16();
        byte[] tokens = in.rest();
        RAW[length] = UNTOUCHED;
        try {
            RunLengthCodec.decode(tokens, tokens.length, 24, RAW, length);
        } catch (MalformedTrackException e) {
            require(e.offset() >= 24 && e.offset() <= 24 + tokens.length, "an offset outside the track");
            length = Math.min(length, tokens.length);
            System.arraycopy(tokens, 0, RAW, 0, length);
            RAW[length] = UNTOUCHED;
        }
        require(RAW[length] == UNTOUCHED, "a byte behind the end was written");
        requireSame(length);
    }

    private static void requireSame(int length) {
        int encoded = RunLengthCodec.encode(RAW, length, ENCODED, length);
        if (encoded == RunLengthCodec.NO_ROOM) {
            return;
        }
        try {
            RunLengthCodec.decode(ENCODED, encoded, 24, AGAIN, length);
        } catch (MalformedTrackException e) {
            throw new AssertionError("what was encoded is malformed", e);
        }
        require(Arrays.equals(RAW, 0, length, AGAIN, 0, length), "decoding what was encoded gives other bytes");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Encodings of tracks of each sort. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Samples.Content content : Samples.Content.values()) {
            byte[] raw = Samples.track(content, 512, 1);
            int encoded = RunLengthCodec.encode(raw, raw.length, ENCODED, MOST_BYTES);
            assertThat(encoded).isPositive();
            byte[] seed = new byte[2 + encoded];
            seed[0] = (byte) ((raw.length - 1) >> Byte.SIZE);
            seed[1] = (byte) (raw.length - 1);
            System.arraycopy(ENCODED, 0, seed, 2, encoded);
            seeds.add(seed);
        }
        return seeds;
    }
}
