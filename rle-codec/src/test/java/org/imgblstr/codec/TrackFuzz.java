package org.imgblstr.codec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;

/**
 * Encoded tracks, zstd frames and maps of what could not be read among them. They decode to the bytes of their checksum or to the one exception;
 * no byte outside of the room for the track is written; a decoder that has met a malformed track decodes the next one. What was decoded is encoded
 * and decoded to the same again.
 */
public final class TrackFuzz {
    private static final int MOST_RAW_BYTES = 8192;
    private static final int TRACK = 7;
    private static final byte UNTOUCHED = 0x5A;

    /** zstd keeps its own memory, which this does not count; the frame's window is bounded by the decoder. */
    private static final long MOST_ALLOCATED_BYTES = 1 << 20;

    private static final TrackDecoder DECODER = new TrackDecoder();
    private static final List<TrackEncoder> ENCODERS =
            Samples.CHOICES.stream().map(TrackEncoder::new).toList();
    private static final ByteBuffer ROOM = ByteBuffer.allocateDirect(MOST_RAW_BYTES + 2);
    private static final ByteBuffer ENCODED = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(MOST_RAW_BYTES));
    private static final byte[] SOUND_RAW = Samples.track(Samples.Content.TEXT, 512, 1);
    private static final byte[] SOUND = Samples.encoded(new CodecChoice(CodecId.ZSTD, 1), TRACK, SOUND_RAW, false);

    private TrackFuzz() {}

    /**
     * How to repair the header: bit 0 for the lengths, bit 1 for the CRC of the map, bit 2 for a checksum of zeros; then the raw bytes, two bytes;
     * then the encoded track.
     */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int repairs = in.u8();
        int rawBytes = 1 + in.u16() % MOST_RAW_BYTES;
        byte[] encoded = in.rest();
        if (encoded.length > EncodedTrack.HEADER_BYTES) {
            repair(encoded, repairs, rawBytes);
        }
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        ROOM.clear().put(0, UNTOUCHED).put(1 + rawBytes, UNTOUCHED).position(1);
        try {
            DECODER.decode(TRACK, rawBytes, ByteBuffer.wrap(encoded), ROOM);
            require(ROOM.position() == 1 && ROOM.limit() == 1 + rawBytes, "the limits of the track are wrong");
            require(
                    TrackChecksum.of(ROOM) == EncodedTrack.checksum(ByteBuffer.wrap(encoded)),
                    "the checksum does not hold");
            EncodedTrack.leaf(ByteBuffer.wrap(encoded));
            encodeAgain(ROOM);
        } catch (MalformedTrackException e) {
            require(ROOM.position() == 1 && ROOM.limit() == ROOM.capacity(), "limits were changed");
            require(e.offset() >= 0 && e.offset() <= encoded.length, "an offset outside of the track");
        }
        ROOM.clear();
        require(
                ROOM.get(0) == UNTOUCHED && ROOM.get(1 + rawBytes) == UNTOUCHED,
                "a byte outside of the room was written");
        budget.check();
        requireSound();
    }

    private static void repair(byte[] encoded, int repairs, int rawBytes) {
        ByteBuffer track = ByteBuffer.wrap(encoded);
        if ((repairs & 1) != 0) {
            track.put(EncodedTrack.CODEC, (byte) (track.get(EncodedTrack.CODEC) & 3));
            EncodedTrack.putIntAt(track, EncodedTrack.TRACK, TRACK);
            EncodedTrack.putIntAt(track, EncodedTrack.RAW_BYTES, rawBytes);
            EncodedTrack.putIntAt(track, EncodedTrack.PAYLOAD_BYTES, encoded.length - EncodedTrack.HEADER_BYTES);
        }
        if ((repairs & 4) != 0) {
            long checksum = TrackChecksum.of(ByteBuffer.allocate(rawBytes));
            track.putLong(EncodedTrack.CHECKSUM, checksum);
        }
        int mapBytes = UnreadableMap.encodedBytes(rawBytes);
        if ((repairs & 2) != 0 && encoded.length > EncodedTrack.HEADER_BYTES + mapBytes) {
            CRC32C crc = new CRC32C();
            crc.update(encoded, 0, EncodedTrack.HEADER_BYTES);
            crc.update(encoded, encoded.length - mapBytes, mapBytes - Integer.BYTES);
            EncodedTrack.putIntAt(track, encoded.length - Integer.BYTES, (int) crc.getValue());
        }
    }

    private static void encodeAgain(ByteBuffer raw) {
        byte[] bytes = new byte[raw.remaining()];
        raw.get(raw.position(), bytes);
        TrackEncoder encoder = ENCODERS.get((bytes[0] & 0xFF) % ENCODERS.size());
        if (encoder.encode(TRACK, ByteBuffer.wrap(bytes), ENCODED.clear()) == TrackKind.ZERO) {
            return;
        }
        ByteBuffer again = ByteBuffer.allocate(bytes.length);
        try {
            DECODER.decode(TRACK, bytes.length, ENCODED, again);
        } catch (MalformedTrackException e) {
            throw new AssertionError("what was encoded is malformed", e);
        }
        require(Arrays.equals(again.array(), bytes), "decoding what was encoded gives other bytes");
    }

    private static void requireSound() {
        ByteBuffer raw = ByteBuffer.allocate(SOUND_RAW.length);
        try {
            DECODER.decode(TRACK, SOUND_RAW.length, ByteBuffer.wrap(SOUND), raw);
        } catch (MalformedTrackException e) {
            throw new AssertionError("a sound track is malformed behind another one", e);
        }
        require(Arrays.equals(raw.array(), SOUND_RAW), "a sound track has other bytes behind another one");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Tracks of each sort by each codec, with and without a map. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (CodecChoice choice : Samples.CHOICES) {
            for (Samples.Content content : Samples.Content.values()) {
                byte[] raw = Samples.track(content, 1024, 1);
                if (!Samples.isZero(raw)) {
                    seeds.add(seed(0, Samples.encoded(choice, TRACK, raw, false)));
                    seeds.add(seed(1, Samples.encoded(choice, TRACK, raw, false)));
                }
            }
        }
        byte[] partial = new byte[EncodedTrack.HEADER_BYTES + 3 + UnreadableMap.encodedBytes(1024)];
        partial[0] = (byte) CodecId.RLE.code();
        partial[3] = EncodedTrack.PARTIAL;
        partial[EncodedTrack.HEADER_BYTES] = (byte) 0xFF;
        partial[EncodedTrack.HEADER_BYTES + 1] = 0x7F;
        partial[EncodedTrack.HEADER_BYTES + 3] = 2;
        seeds.add(seed(7, partial));
        return seeds;
    }

    private static byte[] seed(int repairs, byte[] encoded) {
        byte[] seed = new byte[3 + encoded.length];
        seed[0] = (byte) repairs;
        seed[1] = (byte) (1023 >> Byte.SIZE);
        seed[2] = (byte) 1023;
        System.arraycopy(encoded, 0, seed, 3, encoded.length);
        return seed;
    }
}
