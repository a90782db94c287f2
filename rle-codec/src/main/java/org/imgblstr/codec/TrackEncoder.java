package org.imgblstr.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Makes encoded tracks. One thread at a time: keeps its codec context and scratch memory from track to track, and allocates only
 * when a track is longer than all before. Source: docs/architecture.md, section 4.
 */
public final class TrackEncoder implements AutoCloseable {
    /** A track stays raw unless encoding saves this part of it. */
    private static final int WORTHWHILE_PART = 32;

    private static final int DOES_NOT_PAY = -1;

    /**
     * Level 1 is made for streams, where a match is likely to be found further back; a track has nothing before it. With a larger hash table
     * (128 KiB) and shorter matches, the files of a Linux system become 1.4 % smaller for 6 % more processor time. An image is then no
     * more than 2 % larger than one stream at level 1.
     */
    private static final int TRACK_HASH_LOG = 15;

    private static final int TRACK_MIN_MATCH = 5;

    /** Stands for zstd's own choice. */
    private static final int AS_LEVEL = 0;

    /** Each part of a track that tells whether it shrinks; one takes a thirtieth of the time, and is mostly enough. */
    private static final int SAMPLE_BYTES = 4096;

    private static final int SAMPLES = 3;

    /** Twice as quick as level 1 where nothing shrinks. It finds what repeats; bytes that are merely not equally frequent show in the samples. */
    private static final int QUICK_LEVEL = -3;

    /** So much of a track whose bytes are equally frequent is looked at for what repeats: an eighth of the time for all of it. */
    private static final int REPEATS_BYTES = 32 * 1024;

    /** More than a frame of zstd is longer than what it holds. */
    private static final int MOST_EXCESS_BYTES = 64;

    private final CodecChoice choice;
    private final ZstdCompressCtx zstd;
    private final LinkEncoder links;
    private final Scratch scratch = new Scratch();
    private final ByteSpread spread = new ByteSpread();
    /** Where the payload was put that paid: from index 0 on. */
    private ByteBuffer payload;

    private int level;
    private int levelInUse = CodecChoice.ADAPTS;

    /** Each track stands alone. A choice that adapts begins at {@link CodecChoice#HOME_LEVEL}. */
    public TrackEncoder(CodecChoice choice) {
        this(choice, false);
    }

    private TrackEncoder(CodecChoice choice, boolean makesLinks) {
        this.choice = choice;
        this.level = choice.isAdaptive() ? CodecChoice.HOME_LEVEL : choice.level();
        boolean isZstd = choice.id() == CodecId.ZSTD;
        // The header of the track has length and checksum, so the frame needs no checksum of its own.
        this.zstd = isZstd ? new ZstdCompressCtx().setContentSize(true).setChecksum(false) : null;
        this.links = isZstd && makesLinks ? new LinkEncoder() : null;
    }

    /**
     * With zstd, tracks of one group ({@link EncodedTrack#CHAIN_TRACKS}) that shrink become the links of a chain: a third smaller, but to be
     * decoded in order. All tracks of a group must come to the same encoder, in ascending order.
     */
    public static TrackEncoder ofChains(CodecChoice choice) {
        return new TrackEncoder(choice, true);
    }

    /**
     * Level of the tracks from now on, and of the chains that begin from now on.
     *
     * @param next a level of zstd, not 0
     * @throws IllegalStateException when the choice is one that does not adapt
     */
    public void level(int next) {
        if (!choice.isAdaptive()) {
            throw new IllegalStateException("the level is fixed: " + choice);
        }
        level = next;
    }

    private void use(int wanted) {
        if (levelInUse != wanted) {
            boolean isFirst = wanted == 1;
            zstd.setLevel(wanted)
                    .setHashLog(isFirst ? TRACK_HASH_LOG : AS_LEVEL)
                    .setMinMatch(isFirst ? TRACK_MIN_MATCH : AS_LEVEL);
            levelInUse = wanted;
        }
    }

    /**
     * Encodes one track.
     *
     * @param track number in the track space
     * @param raw the track between position and limit, direct or not; unchanged afterwards
     * @param out takes the encoded track from its position on; at least {@link EncodedTrack#maxBytes} must remain. Afterwards its
     *     position is unchanged and its limit is the end of the encoded track, ready to read
     * @return {@link TrackKind#ZERO} when every byte is zero ({@code out} is then untouched), else {@link TrackKind#DATA}
     * @throws IllegalArgumentException when {@code raw} is empty or {@code out} too short
     */
    public TrackKind encode(int track, ByteBuffer raw, ByteBuffer out) {
        int rawBytes = raw.remaining();
        int need = EncodedTrack.maxBytes(rawBytes);
        if (out.remaining() < need) {
            throw new IllegalArgumentException(
                    "room for an encoded track: expected " + need + " bytes, found " + out.remaining());
        }
        if (Zeros.isZero(raw)) {
            return TrackKind.ZERO;
        }
        long checksum = TrackChecksum.of(raw);
        int payloadBytes = encodePayload(track, raw);
        if (payloadBytes == DOES_NOT_PAY) {
            out.put(out.position() + EncodedTrack.HEADER_BYTES, raw, raw.position(), rawBytes);
            putRaw(track, rawBytes, checksum, out);
        } else {
            putPayload(track, rawBytes, payloadBytes, checksum, out);
        }
        return TrackKind.DATA;
    }

    /**
     * Encodes one track; it is not copied when it stays raw.
     *
     * @param track number in the track space
     * @param framed {@link EncodedTrack#HEADER_BYTES} bytes of room at its position, then the raw track up to the limit; direct or not
     * @param spare asked for memory when the track shrinks: at least {@link EncodedTrack#maxBytes} of it remain
     * @return the encoded track between position and limit: {@code framed} when it stays raw, else what {@code spare} gave; null when every
     *     byte is zero
     * @throws IllegalArgumentException when there is no raw track
     */
    public ByteBuffer encodeInPlace(int track, ByteBuffer framed, Supplier<ByteBuffer> spare) {
        ByteBuffer raw = rawOf(framed);
        int rawBytes = raw.remaining();
        if (Zeros.isZero(raw)) {
            return null;
        }
        long checksum = TrackChecksum.of(raw);
        int payloadBytes = encodePayload(track, raw);
        if (payloadBytes == DOES_NOT_PAY) {
            putRaw(track, rawBytes, checksum, framed);
            return framed;
        }
        ByteBuffer out = spare.get();
        putPayload(track, rawBytes, payloadBytes, checksum, out);
        return out;
    }

    /**
     * As {@link #encodeInPlace}, for a track some of whose sectors could not be read and are zero. It is encoded alone and at level 1, so
     * that it has the same bytes each time, and is never nothing but zeros.
     *
     * @param framed as in {@link #encodeInPlace}, with {@link EncodedTrack#maxBytes} of room behind its position
     * @param map what could not be read, not {@link UnreadableMap#NONE}
     */
    public ByteBuffer encodePartial(int track, ByteBuffer framed, UnreadableMap map, Supplier<ByteBuffer> spare) {
        ByteBuffer raw = rawOf(framed);
        int rawBytes = raw.remaining();
        long checksum = TrackChecksum.of(raw);
        int payloadBytes = choice.id() == CodecId.ZSTD ? encodeZstdAlone(raw) : encodePayload(track, raw);
        ByteBuffer out = framed;
        if (payloadBytes == DOES_NOT_PAY) {
            putRaw(track, rawBytes, checksum, framed);
        } else {
            out = spare.get();
            int payloadAt = out.position() + EncodedTrack.HEADER_BYTES;
            out.put(payloadAt, payload, 0, payloadBytes).limit(payloadAt + payloadBytes);
            EncodedTrack.putHeader(out, choice.id(), track, rawBytes, payloadBytes, checksum);
        }
        EncodedTrack.addMap(out, map);
        return out;
    }

    private int encodeZstdAlone(ByteBuffer raw) {
        int rawBytes = raw.remaining();
        ByteBuffer source = scratch.directRaw(rawBytes);
        source.put(0, raw, raw.position(), rawBytes);
        ByteBuffer target = scratch.directPayload((int) Zstd.compressBound(rawBytes) + EncodedTrack.HEADER_BYTES);
        payload = target;
        use(1);
        int payloadBytes = zstd.compressDirectByteBuffer(target, 0, target.capacity(), source, 0, rawBytes);
        return payloadBytes > worthwhileBytes(rawBytes) ? DOES_NOT_PAY : payloadBytes;
    }

    /**
     * Encodes one track with zstd if it surely stays raw, into the bytes that {@link #encodeInPlace} would give. No chain is touched, so any
     * encoder may do it.
     *
     * @param framed as for {@link #encodeInPlace}, but direct; afterwards the encoded track, unless the answer is false
     * @return false when the track may shrink, is zero, or the codec is not zstd: then {@code framed} is unchanged
     */
    public boolean encodeRaw(int track, ByteBuffer framed) {
        ByteBuffer raw = rawOf(framed);
        if (choice.id() != CodecId.ZSTD || Zeros.isZero(raw) || doesShrink(raw)) {
            return false;
        }
        putRaw(track, raw.remaining(), TrackChecksum.of(raw), framed);
        return true;
    }

    private static ByteBuffer rawOf(ByteBuffer framed) {
        int rawBytes = framed.remaining() - EncodedTrack.HEADER_BYTES;
        if (rawBytes <= 0) {
            throw new IllegalArgumentException("a header and a raw track: expected more than "
                    + EncodedTrack.HEADER_BYTES + " bytes, found " + framed.remaining());
        }
        return framed.slice(framed.position() + EncodedTrack.HEADER_BYTES, rawBytes);
    }

    /** The header of a raw track that is in its place. */
    private static void putRaw(int track, int rawBytes, long checksum, ByteBuffer out) {
        EncodedTrack.putHeader(out, CodecId.RAW, track, rawBytes, rawBytes, checksum);
        out.limit(out.position() + EncodedTrack.HEADER_BYTES + rawBytes);
    }

    private void putPayload(int track, int rawBytes, int payloadBytes, long checksum, ByteBuffer out) {
        int payloadAt = out.position() + EncodedTrack.HEADER_BYTES;
        out.put(payloadAt, payload, 0, payloadBytes).limit(payloadAt + payloadBytes);
        if (links == null) {
            EncodedTrack.putHeader(out, choice.id(), track, rawBytes, payloadBytes, checksum);
        } else {
            EncodedTrack.putLinkHeader(out, links.link(), links.start(), track, rawBytes, payloadBytes, checksum);
        }
    }

    /**
     * As {@link #encodeInPlace}, but the header alone is what is given: for whoever wants to know the track and not to have it. Its payload
     * bytes are those of the raw track.
     */
    public static ByteBuffer describe(int track, ByteBuffer framed) {
        ByteBuffer raw = rawOf(framed);
        if (Zeros.isZero(raw)) {
            return null;
        }
        putRaw(track, raw.remaining(), TrackChecksum.of(raw), framed);
        return framed.limit(framed.position() + EncodedTrack.HEADER_BYTES);
    }

    /** As {@link #describe}, of a track some of whose sectors could not be read: header and map. */
    public static ByteBuffer describePartial(int track, ByteBuffer framed, UnreadableMap map) {
        ByteBuffer raw = rawOf(framed);
        putRaw(track, raw.remaining(), TrackChecksum.of(raw), framed);
        framed.limit(framed.position() + EncodedTrack.HEADER_BYTES);
        EncodedTrack.addMap(framed, map);
        return framed;
    }

    /** Leaves the payload in {@link #payload} and returns its length, unless encoding does not pay. */
    private int encodePayload(int track, ByteBuffer raw) {
        return switch (choice.id()) {
            case RAW -> DOES_NOT_PAY;
            case RLE -> encodeRuns(raw);
            case ZSTD, LINK -> encodeZstd(track, raw);
        };
    }

    private int encodeRuns(ByteBuffer raw) {
        int rawBytes = raw.remaining();
        byte[] source = scratch.heapRaw(rawBytes);
        byte[] target = scratch.heapPayload(rawBytes);
        raw.get(raw.position(), source, 0, rawBytes);
        int payloadBytes = RunLengthCodec.encode(source, rawBytes, target, worthwhileBytes(rawBytes));
        if (payloadBytes == RunLengthCodec.NO_ROOM) {
            return DOES_NOT_PAY;
        }
        payload = ByteBuffer.wrap(target);
        return payloadBytes;
    }

    /** The most that an encoding of so many bytes may have for it to pay. */
    private static int worthwhileBytes(int rawBytes) {
        return rawBytes - (rawBytes + WORTHWHILE_PART - 1) / WORTHWHILE_PART;
    }

    /**
     * By way of scratch memory: zstd wants room for its worst case, which is more than a raw track, and given less it
     * throws (slowly) for each track that it cannot shrink.
     */
    private int encodeZstd(int track, ByteBuffer raw) {
        int rawBytes = raw.remaining();
        ByteBuffer source = raw;
        if (!raw.isDirect()) {
            source = scratch.directRaw(rawBytes);
            source.put(0, raw, raw.position(), rawBytes);
        }
        int sourceAt = raw.isDirect() ? raw.position() : 0;
        ByteBuffer target = zstdTarget(rawBytes);
        if (!doesShrink(target, source, sourceAt, rawBytes)) {
            return DOES_NOT_PAY;
        }
        payload = target;
        return links == null
                ? encodeFrame(target, source, sourceAt, rawBytes)
                : encodeLink(track, target, source, sourceAt, rawBytes);
    }

    private ByteBuffer zstdTarget(int rawBytes) {
        return scratch.directPayload((int) Zstd.compressBound(rawBytes) + EncodedTrack.HEADER_BYTES);
    }

    private int encodeFrame(ByteBuffer target, ByteBuffer source, int sourceAt, int rawBytes) {
        use(level);
        int payloadBytes = zstd.compressDirectByteBuffer(target, 0, target.capacity(), source, sourceAt, rawBytes);
        return payloadBytes > worthwhileBytes(rawBytes) ? DOES_NOT_PAY : payloadBytes;
    }

    private int encodeLink(int track, ByteBuffer target, ByteBuffer source, int sourceAt, int rawBytes) {
        int most = EncodedTrack.maxCodedBytes(CodecId.LINK, rawBytes);
        target.clear();
        boolean isWritten = links.write(
                track, level, source.duplicate().limit(sourceAt + rawBytes).position(sourceAt), target);
        if (!isWritten || target.position() > most) {
            links.end();
            return DOES_NOT_PAY;
        }
        return target.position();
    }

    /** {@code raw}: direct. */
    private boolean doesShrink(ByteBuffer raw) {
        return doesShrink(zstdTarget(raw.remaining()), raw, raw.position(), raw.remaining());
    }

    /**
     * Whether a track is worth the time, by its bytes alone, so that it is raw each time that it is encoded or never: what is random in three
     * places and has too little that repeats stays raw. Where the whole of it looks random, its begin shows what repeats.
     */
    private boolean doesShrink(ByteBuffer target, ByteBuffer source, int sourceAt, int rawBytes) {
        use(1);
        int bytes = rawBytes;
        if (rawBytes >= (SAMPLES + 1) * SAMPLE_BYTES) {
            if (doSamplesShrink(target, source, sourceAt, rawBytes)) {
                return true;
            }
            bytes = spread.isEven(source, sourceAt, rawBytes) ? REPEATS_BYTES : rawBytes;
            use(QUICK_LEVEL);
        }
        return zstd.compressDirectByteBuffer(target, 0, target.capacity(), source, sourceAt, bytes)
                <= worthwhileBytes(bytes);
    }

    /** Whether the samples shrink, taken together. The later ones are left out where the first decide already, however the others are. */
    private boolean doSamplesShrink(ByteBuffer target, ByteBuffer source, int sourceAt, int rawBytes) {
        int most = worthwhileBytes(SAMPLES * SAMPLE_BYTES);
        int bytes = 0;
        for (int sample = 1; sample <= SAMPLES; sample++) {
            int at = sourceAt + sample * (rawBytes / (SAMPLES + 1)) - SAMPLE_BYTES / 2;
            bytes += zstd.compressDirectByteBuffer(target, 0, target.capacity(), source, at, SAMPLE_BYTES);
            if (bytes + (SAMPLES - sample) * (SAMPLE_BYTES + MOST_EXCESS_BYTES) < most) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
        }
        if (links != null) {
            links.close();
        }
    }
}
