package org.imgblstr.codec;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * Which parts of one track the source could not give, in units of 512 bytes; the track holds zeros there. Immutable. Source:
 * docs/architecture.md, section 4. In an encoded track it stands behind the coded bytes:
 * <pre>
 *   0                                       n
 *   | unreadable: bit 0 of byte 0 is unit 0 | CRC-32C of the header and of these n bytes |
 * </pre>
 */
public final class UnreadableMap {
    /** Bytes that a bit stands for: the smallest sector that a disk has. */
    public static final int UNIT_BYTES = 512;

    /** Of a track that was read as a whole. */
    public static final UnreadableMap NONE = new UnreadableMap(0, new BitSet());

    private final int rawBytes;
    private final BitSet units;

    /** Takes the bytes of a track from one that is unreadable to before the next that is not. */
    public interface RangeConsumer {
        void accept(int fromByte, int endByte);
    }

    private UnreadableMap(int rawBytes, BitSet units) {
        this.rawBytes = rawBytes;
        this.units = units;
    }

    /**
     * The map of a track.
     *
     * @param rawBytes bytes of the track
     * @param units a set bit for each unit that could not be read
     * @return {@link #NONE} when no bit is set
     * @throws IllegalArgumentException when a bit is behind the end of the track
     */
    public static UnreadableMap of(int rawBytes, BitSet units) {
        if (units.isEmpty()) {
            return NONE;
        }
        if (units.length() > unitsOf(rawBytes)) {
            throw new IllegalArgumentException(
                    "unreadable units: expected at most " + unitsOf(rawBytes) + ", found " + units.length());
        }
        return new UnreadableMap(rawBytes, (BitSet) units.clone());
    }

    private static int unitsOf(int rawBytes) {
        return (rawBytes + UNIT_BYTES - 1) / UNIT_BYTES;
    }

    private static int bitBytes(int rawBytes) {
        return (unitsOf(rawBytes) + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Bytes that the map of a track of so many raw bytes takes in its encoded track. */
    static int encodedBytes(int rawBytes) {
        return bitBytes(rawBytes) + Integer.BYTES;
    }

    /** Whether all of the track was read. */
    public boolean isNone() {
        return units.isEmpty();
    }

    /** Whether nothing of the track was read. */
    public boolean isWhole() {
        return !units.isEmpty() && units.cardinality() == unitsOf(rawBytes);
    }

    /** Gives what could not be read, in order, as ranges that do not touch. */
    public void forEachRange(RangeConsumer consumer) {
        for (int from = units.nextSetBit(0); from >= 0; ) {
            int end = units.nextClearBit(from);
            consumer.accept(from * UNIT_BYTES, Math.min(end * UNIT_BYTES, rawBytes));
            from = units.nextSetBit(end);
        }
    }

    /** What the content digest takes of a track with this map, whose raw bytes have {@code checksum}. */
    public long leaf(long checksum) {
        return isNone() ? checksum : checksum ^ TrackChecksum.of(ByteBuffer.wrap(bits()));
    }

    /** A bit for each unit, bit 0 of byte 0 first, as they stand in an encoded track: a copy. */
    public byte[] bits() {
        byte[] bits = new byte[bitBytes(rawBytes)];
        byte[] used = units.toByteArray();
        System.arraycopy(used, 0, bits, 0, used.length);
        return bits;
    }

    /** Writes the map to an index of {@code encoded}, whose header is complete and begins at its position. */
    void put(ByteBuffer encoded, int at) {
        byte[] bits = bits();
        encoded.put(at, bits);
        EncodedTrack.putIntAt(encoded, at - encoded.position() + bits.length, crc(encoded, at, bits.length));
    }

    /** {@code encoded}: a whole encoded track whose header was found good and has the flag. */
    static UnreadableMap read(ByteBuffer encoded) throws MalformedTrackException {
        int rawBytes = EncodedTrack.rawBytes(encoded);
        int length = bitBytes(rawBytes);
        int offset = encoded.remaining() - encodedBytes(rawBytes);
        int at = encoded.position() + offset;
        int expected = crc(encoded, at, length);
        int found = EncodedTrack.intAt(encoded, offset + length);
        if (found != expected) {
            throw new MalformedTrackException(
                    offset + length, "CRC " + Integer.toHexString(expected), Integer.toHexString(found));
        }
        BitSet units = BitSet.valueOf(encoded.slice(at, length));
        if (units.isEmpty() || units.length() > unitsOf(rawBytes)) {
            throw new MalformedTrackException(
                    offset,
                    "a map of " + unitsOf(rawBytes) + " units, some unreadable",
                    units.isEmpty() ? "none" : units.length() + " units");
        }
        return new UnreadableMap(rawBytes, units);
    }

    private static int crc(ByteBuffer encoded, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(encoded.slice(encoded.position(), EncodedTrack.HEADER_BYTES));
        crc.update(encoded.slice(at, length));
        return (int) crc.getValue();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnreadableMap map && map.rawBytes == rawBytes && map.units.equals(units);
    }

    @Override
    public int hashCode() {
        return 31 * rawBytes + units.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEachRange((from, end) -> text.append(text.isEmpty() ? "" : ", ")
                .append(from)
                .append(" to ")
                .append(end - 1));
        return text.isEmpty() ? "nothing unreadable" : "unreadable bytes " + text;
    }
}
