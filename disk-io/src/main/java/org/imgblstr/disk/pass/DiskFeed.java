package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.CodecId;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.codec.Zeros;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.pass.SlotRing.Slot;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.disk.track.TrackSource;
import org.imgblstr.disk.use.TrackUse;

/**
 * Reads what is used of a disk once: one thread reads, as many as there are cores encode (none when nothing is to be compressed), the caller's
 * thread gives the tracks to the sink in order. A failure of the reader or of an encoder reaches the sequencer in its turn, behind everything
 * that was good.
 */
public final class DiskFeed implements TrackFeed {
    /** More encoders than this outrun any disk and any network. */
    private static final int MOST_ENCODERS = 8;

    /** One slot being read, one being sent, and two between them so that nobody waits for a hand-over. */
    private static final int SPARE_SLOTS = 4;

    /** Size of a group when tracks are encoded independently. */
    private static final int INDEPENDENT_TRACKS = 1;

    private final TrackSource source;
    private final TrackUse use;
    private final Encoding encoding;
    private final LevelMap levels;
    private final BadSectors badSectors;
    private final int encoders;
    private final int groupTracks;
    private volatile PassRecorder recorder;
    private volatile SlotRing tracks;

    /**
     * How tracks are encoded.
     *
     * @param codec codec and level
     * @param isKept whether what is encoded is kept in a file
     * @param isDescribed whether the sink wants no tracks but only their headers ({@link TrackEncoder#describe})
     * @param ahead what was taken and not sent yet, as a part of what is taken at most, 0 to 1; any thread. Null when
     *     nothing is sent: then an adaptive level stays where it begins
     * @param isHashed whether the sink wants the SHA-256 of a track that is read now; any thread
     */
    public record Encoding(
            CodecChoice codec, boolean isKept, boolean isDescribed, DoubleSupplier ahead, BooleanSupplier isHashed) {
        /** For a sink that wants no SHA-256. */
        public Encoding(CodecChoice codec, boolean isKept, boolean isDescribed, DoubleSupplier ahead) {
            this(codec, isKept, isDescribed, ahead, () -> false);
        }

        /** For a sink that sends nothing. */
        public static Encoding of(CodecChoice codec) {
            return new Encoding(codec, true, false, null);
        }
    }

    /** What becomes of sectors that stay unreadable after their retries. */
    public enum BadSectors {
        /** The pass ends with a {@link DeviceException}. */
        ABORT,
        /** They are zeros, and listed as unreadable. */
        SKIP
    }

    /**
     * @param source gives the used parts of tracks
     * @param use which tracks are free, and so neither read nor sent
     * @param levels takes the level of each track
     */
    public DiskFeed(TrackSource source, TrackUse use, Encoding encoding, LevelMap levels, BadSectors badSectors) {
        this(
                source,
                use,
                encoding,
                levels,
                badSectors,
                Math.min(Runtime.getRuntime().availableProcessors(), MOST_ENCODERS));
    }

    DiskFeed(TrackSource source, TrackUse use, Encoding encoding, BadSectors badSectors, int encoders) {
        this(source, use, encoding, new LevelMap(source.space().trackCount()), badSectors, encoders);
    }

    DiskFeed(
            TrackSource source, TrackUse use, Encoding encoding, LevelMap levels, BadSectors badSectors, int encoders) {
        this.source = source;
        this.use = use;
        this.encoding = encoding;
        this.levels = levels;
        this.badSectors = badSectors;
        this.encoders = encoders;
        boolean makesChains = encoding.codec().id() == CodecId.ZSTD && !encoding.isDescribed();
        this.groupTracks = makesChains ? EncodedTrack.CHAIN_TRACKS : INDEPENDENT_TRACKS;
    }

    /**
     * Of chains a group for each encoder, which is as far as they are apart when all are busy, and one more, which is read meanwhile, so that an
     * encoder that is done early has the next one. That is as much memory as tracks on their way, 256 KiB each: 24 MiB for two encoders.
     */
    private int slots() {
        return groupTracks == INDEPENDENT_TRACKS ? encoders + SPARE_SLOTS : (encoders + 1) * groupTracks;
    }

    @Override
    public FeedCounts pump(TrackSink sink, BooleanSupplier isStopped) throws IOException {
        TrackSpace space = source.space();
        PassRecorder pass = new PassRecorder(space, sink);
        recorder = pass;
        SlotRing ring = new SlotRing(slots(), space.geometry().trackBytes(), groupTracks);
        tracks = ring;
        EncodingLevel level = new EncodingLevel(encoding, levels);
        List<Thread> threads = start(ring, level);
        try {
            for (int track = 0; track < space.trackCount(); ) {
                if (isStopped.getAsBoolean()) {
                    throw new StoppedException();
                }
                track += hand(ring, pass, level);
            }
            return pass.end();
        } finally {
            ring.stop();
            threads.forEach(Threads::join);
        }
    }

    @Override
    public long bytesDone() {
        PassRecorder pass = recorder;
        return pass == null ? 0 : pass.bytesDone();
    }

    @Override
    public Awaited awaited() {
        SlotRing ring = tracks;
        return ring == null ? Awaited.SOURCE : ring.awaited();
    }

    /** Returns how many tracks it was. */
    private static int hand(SlotRing ring, PassRecorder pass, EncodingLevel level) throws IOException {
        Slot slot = ring.awaitDone();
        if (slot == null) {
            throw new StoppedException();
        }
        if (slot.failure != null) {
            rethrow(slot.failure);
        }
        if (slot.kind == TrackKind.DATA) {
            level.onTrack(slot.track, ring.waiting());
            slot.encoded = pass.data(slot.track, slot.encoded, slot.usedBytes, slot.digest);
        } else {
            pass.skip(slot.track, slot.count, slot.kind, slot.usedBytes);
        }
        int count = slot.count;
        ring.release();
        return count;
    }

    private List<Thread> start(SlotRing ring, EncodingLevel level) {
        List<Thread> threads = new ArrayList<>();
        ReadersEncoder readers = new ReadersEncoder(encoding);
        threads.add(new Thread(() -> readAll(ring, readers, level), "reader"));
        for (int i = 0; i < encoders && readers.forAll() == null; i++) {
            // Made here, so that a codec that cannot be loaded fails before anybody waits for it.
            TrackEncoder encoder = TrackEncoder.ofChains(encoding.codec());
            threads.add(new Thread(() -> encodeAll(ring, encoder, readers, level), "encoder-" + i));
        }
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
        return threads;
    }

    private void readAll(SlotRing ring, ReadersEncoder created, EncodingLevel level) {
        try (ReadersEncoder readers = created) {
            TrackHasher hasher = new TrackHasher();
            int track = 0;
            while (track < source.space().trackCount()) {
                // Few tracks on their way stay in the processor's cache from the disk to the wire.
                Slot slot = ring.awaitFree(readers.isAlone() ? encoders + SPARE_SLOTS : slots());
                if (slot == null) {
                    return;
                }
                slot.track = track;
                slot.count = 1;
                slot.failure = null;
                slot.digest = null;
                try {
                    fill(slot, ring);
                    encodeWhenRead(readers, hasher, slot, ring);
                } catch (IOException | RuntimeException | Error e) {
                    slot.failure = e;
                }
                level.onRead(track);
                track += slot.count;
                ring.readDone();
            }
        }
    }

    private void encodeWhenRead(ReadersEncoder readers, TrackHasher hasher, Slot slot, SlotRing ring) {
        if (slot.kind != TrackKind.DATA) {
            return;
        }
        if (readers.forAll() != null) {
            encode(readers.forAll(), hasher, slot, ring);
        } else if (slot.unreadable.isNone() && readers.encodesRaw(slot.track, slot.raw)) {
            hash(hasher, slot);
            slot.encoded = slot.raw;
            slot.raw = null;
        }
    }

    /** Takes all free tracks there are, or reads one. */
    private void fill(Slot slot, SlotRing ring) throws DeviceException {
        int nextUsed = use.nextUsedTrack(slot.track);
        if (nextUsed > slot.track) {
            slot.count = nextUsed - slot.track;
            slot.usedBytes = 0;
            slot.kind = TrackKind.UNUSED;
            return;
        }
        int endOfZeros = Math.max(use.nextStoredTrack(slot.track), source.endOfHole(slot.track));
        if (endOfZeros > slot.track) {
            takeZeros(slot, endOfZeros);
            return;
        }
        slot.usedBytes = use.usedBytes(slot.track);
        slot.raw = ring.takeBuffer();
        slot.raw.limit(EncodedTrack.HEADER_BYTES + source.space().rawBytes(slot.track));
        slot.unreadable = read(slot.track, rawOf(slot.raw));
        slot.kind = slot.unreadable.isWhole() ? TrackKind.UNREADABLE : TrackKind.DATA;
        // The reader sees zeros while they are in its cache; to hand them over would take longer.
        if (slot.unreadable.isNone() && Zeros.isZero(rawOf(slot.raw))) {
            slot.kind = TrackKind.ZERO;
        }
    }

    /** Used tracks of zeros that need not be read: they are nowhere stored, or the file system says so. */
    private void takeZeros(Slot slot, int endOfZeros) {
        int end = Math.min(endOfZeros, use.nextFreeTrack(slot.track));
        slot.count = end - slot.track;
        slot.kind = TrackKind.ZERO;
        slot.usedBytes = use.usedBytes(slot.track, end);
    }

    private static ByteBuffer rawOf(ByteBuffer framed) {
        return framed.slice(EncodedTrack.HEADER_BYTES, framed.limit() - EncodedTrack.HEADER_BYTES);
    }

    private UnreadableMap read(int track, ByteBuffer raw) throws DeviceException {
        UnreadableMap unreadable = source.read(track, raw);
        if (!unreadable.isNone() && badSectors == BadSectors.ABORT) {
            UnreadableSectors sectors = new UnreadableSectors(source.space());
            sectors.add(track, unreadable);
            throw new DeviceException(
                    "unreadable after all tries: " + sectors + "; --bad-sectors skip goes on without that", 0, null);
        }
        return unreadable;
    }

    private void encodeAll(SlotRing ring, TrackEncoder created, ReadersEncoder readers, EncodingLevel level) {
        try (TrackEncoder encoder = created) {
            SlotRing.Turn turn = new SlotRing.Turn();
            TrackHasher hasher = new TrackHasher();
            Slot slot = ring.awaitRead(turn);
            while (slot != null) {
                try {
                    level.applyTo(encoder, slot.track);
                    encode(encoder, hasher, slot, ring);
                    readers.onEncoded(slot.raw == null);
                } catch (RuntimeException | Error e) {
                    slot.failure = e;
                }
                ring.encodeDone(slot);
                slot = ring.awaitRead(turn);
            }
        }
    }

    /** The track is not zero: the reader has looked. */
    private void encode(TrackEncoder encoder, TrackHasher hasher, Slot slot, SlotRing ring) {
        hash(hasher, slot);
        slot.encoded = slot.unreadable.isNone() ? encodeWhole(encoder, slot, ring) : encodePartial(encoder, slot, ring);
        if (EncodedTrack.codec(slot.encoded) == CodecId.RAW) {
            // It is the same memory now.
            slot.raw = null;
        }
    }

    /** Where the bytes are in the cache of this processor, and before they are encoded in their place. */
    private void hash(TrackHasher hasher, Slot slot) {
        if (encoding.isHashed().getAsBoolean()) {
            slot.digest = hasher.hash(rawOf(slot.raw), slot.unreadable);
        }
    }

    private ByteBuffer encodeWhole(TrackEncoder encoder, Slot slot, SlotRing ring) {
        return encoding.isDescribed()
                ? TrackEncoder.describe(slot.track, slot.raw)
                : encoder.encodeInPlace(slot.track, slot.raw, ring::takeBuffer);
    }

    private ByteBuffer encodePartial(TrackEncoder encoder, Slot slot, SlotRing ring) {
        return encoding.isDescribed()
                ? TrackEncoder.describePartial(slot.track, slot.raw, slot.unreadable)
                : encoder.encodePartial(slot.track, slot.raw, slot.unreadable, ring::takeBuffer);
    }

    private static void rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException io) {
            throw io;
        }
        throw new IllegalStateException("a thread of the pipeline failed: " + failure, failure);
    }
}
