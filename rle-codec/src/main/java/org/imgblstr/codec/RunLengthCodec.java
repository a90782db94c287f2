package org.imgblstr.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Runs of equal bytes as one token each, everything else as literals. Stateless. Source: docs/rle-format.md.
 */
final class RunLengthCodec {
    /** What does not fit: the answer of {@link #encode} when the room is too small. */
    static final int NO_ROOM = -1;

    /** Bit 7 of a token: a run; otherwise literals. */
    static final int RUN = 0x80;

    /** Longest length that the token itself tells; one more says that an extension follows. */
    static final int SHORT_LENGTH = 127;

    /** Seven bits each: 2^28 - 1 + 128 is more than the longest track. */
    static final int EXTENSION_BYTES = 4;

    /**
     * Shortest run worth a token. A run costs 2 bytes and the literals in front of it at most 4 more (their token): 6 bytes, so
     * no run ever makes the output longer, and what remains is the last token of literals.
     */
    static final int MIN_RUN = 6;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Of a word xor itself shifted by a byte: zero when the bytes 0 to 3, or 4 to 7, are equal. */
    private static final long LOW_HALF_PAIRS = 0x0000_0000_00FF_FFFFL;

    private static final long HIGH_HALF_PAIRS = 0x00FF_FFFF_0000_0000L;

    private RunLengthCodec() {}

    /**
     * Encodes the first {@code length} bytes of {@code source}.
     *
     * @param room bytes of {@code target} that may be used
     * @return bytes written, or {@link #NO_ROOM}
     */
    static int encode(byte[] source, int length, byte[] target, int room) {
        int out = 0;
        int literals = 0;
        int at = 0;
        while ((at = nextHint(source, at, length)) < length) {
            int start = runStart(source, at, literals);
            int end = runEnd(source, at, length);
            if (end - start >= MIN_RUN) {
                out = putLiterals(source, literals, start, target, out, room);
                out = out < 0 ? out : putRun(end - start, source[start], target, out, room);
                if (out < 0) {
                    return NO_ROOM;
                }
                literals = end;
            }
            at = end;
        }
        return putLiterals(source, literals, length, target, out, room);
    }

    /**
     * A place from {@code from} on where four bytes in a row are equal, or {@code length}. Looks at aligned groups of four only,
     * so it finds every run of 7 and some shorter ones, at a third of the price of finding all.
     */
    private static int nextHint(byte[] source, int from, int length) {
        int at = from;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            long word = (long) WORD.get(source, at);
            long pairs = word ^ (word >>> 8);
            if ((pairs & LOW_HALF_PAIRS) == 0) {
                return at;
            }
            if ((pairs & HIGH_HALF_PAIRS) == 0) {
                return at + 4;
            }
        }
        return length;
    }

    private static int runStart(byte[] source, int at, int floor) {
        int start = at;
        while (start > floor && source[start - 1] == source[at]) {
            start--;
        }
        return start;
    }

    private static int runEnd(byte[] source, int at, int length) {
        // A run is what equals itself one byte later.
        int same = Arrays.mismatch(source, at, length - 1, source, at + 1, length);
        return same < 0 ? length : at + 1 + same;
    }

    private static int putLiterals(byte[] source, int from, int to, byte[] target, int out, int room) {
        int count = to - from;
        if (count == 0) {
            return out;
        }
        if (count + tokenBytes(count) > room - out) {
            return NO_ROOM;
        }
        int at = putToken(0, count, target, out);
        System.arraycopy(source, from, target, at, count);
        return at + count;
    }

    private static int putRun(int count, byte value, byte[] target, int out, int room) {
        if (tokenBytes(count) + 1 > room - out) {
            return NO_ROOM;
        }
        int at = putToken(RUN, count, target, out);
        target[at] = value;
        return at + 1;
    }

    private static int tokenBytes(int length) {
        return length <= SHORT_LENGTH
                ? 1
                : 2 + (31 - Integer.numberOfLeadingZeros((length - SHORT_LENGTH - 1) | 1)) / 7;
    }

    private static int putToken(int kind, int length, byte[] target, int out) {
        int at = out;
        if (length <= SHORT_LENGTH) {
            target[at++] = (byte) (kind | (length - 1));
            return at;
        }
        target[at++] = (byte) (kind | SHORT_LENGTH);
        int rest = length - SHORT_LENGTH - 1;
        for (; rest > 0x7F; rest >>>= 7) {
            target[at++] = (byte) (rest | 0x80);
        }
        target[at++] = (byte) rest;
        return at;
    }

    /**
     * Decodes exactly {@code length} bytes into {@code target} from the first {@code sourceBytes} of {@code source}.
     *
     * @param offset what to add to a place in {@code source} for the exception
     * @throws MalformedTrackException when the tokens give fewer or more bytes, or are cut off
     */
    static void decode(byte[] source, int sourceBytes, int offset, byte[] target, int length)
            throws MalformedTrackException {
        int in = 0;
        int out = 0;
        while (in < sourceBytes) {
            int tokenAt = in;
            int token = source[in++];
            int count = (token & 0x7F) + 1;
            if (count > SHORT_LENGTH) {
                int extensionBytes = extensionBytes(source, in, sourceBytes, offset);
                count += extension(source, in, extensionBytes);
                in += extensionBytes;
            }
            if (count > length - out) {
                throw new MalformedTrackException(
                        offset + tokenAt, "at most " + (length - out) + " bytes more", "token of " + count);
            }
            boolean isRun = (token & RUN) != 0;
            int need = isRun ? 1 : count;
            if (need > sourceBytes - in) {
                throw new MalformedTrackException(
                        offset + sourceBytes, need + " bytes at " + (offset + in), "end of payload");
            }
            if (isRun) {
                Arrays.fill(target, out, out + count, source[in]);
            } else {
                System.arraycopy(source, in, target, out, count);
            }
            in += need;
            out += count;
        }
        if (out != length) {
            throw new MalformedTrackException(
                    offset + sourceBytes, "token for the last " + (length - out) + " bytes", "end of payload");
        }
    }

    private static int extensionBytes(byte[] source, int in, int sourceBytes, int offset)
            throws MalformedTrackException {
        for (int i = 0; i < EXTENSION_BYTES; i++) {
            if (in + i >= sourceBytes) {
                throw new MalformedTrackException(offset + sourceBytes, "rest of a length", "end of payload");
            }
            if (source[in + i] >= 0) {
                return i + 1;
            }
        }
        throw new MalformedTrackException(
                offset + in, "length of at most " + EXTENSION_BYTES + " bytes", "a longer one");
    }

    private static int extension(byte[] source, int in, int bytes) {
        int value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = (value << 7) | (source[in + i] & 0x7F);
        }
        return value;
    }
}
