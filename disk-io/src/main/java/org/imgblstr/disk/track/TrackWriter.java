package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.imgblstr.codec.CodecId;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.Zeros;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;

/**
 * Decodes tracks, writes them, and reads them back some time later, in the shadow of the writing. What is due when is told; the caller does
 * it. One thread; several writers may share a target. Source: docs/architecture.md, section 6.
 */
public final class TrackWriter implements AutoCloseable {
    /** Written tracks that wait for being read back: 24 bytes each, 16 MiB of disk, so that a drive has written them meanwhile. */
    public static final int MOST_UNVERIFIED = 64;

    private final TrackTarget target;
    private final LastLook look;
    private final ArrayDeque<Written> unverified = new ArrayDeque<>();
    private final TrackDecoder ownDecoder = new TrackDecoder();
    private final ByteBuffer raw;
    private boolean isCatchingUp;
    private RawSight sight;

    /** Sees the raw bytes of each track before they are written: position to limit, which stay. */
    public interface RawSight {
        void see(int track, ByteBuffer raw);
    }

    private record Written(int track, long checksum) {}

    /**
     * What a track that was written gave when it was read back.
     *
     * @param expected checksum of what was written
     * @param found checksum of what the disk gave
     */
    public record Verified(int track, long expected, long found) {
        /** Whether the disk holds what was written. */
        public boolean isGood() {
            return expected == found;
        }

        /** What is wrong, for a message. */
        public String difference() {
            return "read back with checksum " + Long.toHexString(found) + ", expected " + Long.toHexString(expected);
        }
    }

    /**
     * @param target stays open
     * @param look told what was written and read back; null when nothing is to be read back
     */
    public TrackWriter(TrackTarget target, LastLook look) {
        this.target = target;
        this.look = look;
        this.raw = AlignedBuffers.allocate(target.space().geometry().trackBytes());
    }

    /** {@code newSight}: sees each track from now on. */
    public void watch(RawSight newSight) {
        sight = newSight;
    }

    /**
     * Decodes a track and writes it.
     *
     * @param encoded the encoded track between position and limit
     * @return checksum of the raw bytes
     * @throws MalformedTrackException when it does not decode; nothing was written
     */
    public long write(int track, ByteBuffer encoded) throws MalformedTrackException, DeviceException {
        return write(track, encoded, ownDecoder);
    }

    /** The decoder that {@link #write(int, ByteBuffer)} uses. */
    public TrackDecoder decoder() {
        return ownDecoder;
    }

    /** As {@link #write(int, ByteBuffer)}, with the decoder that has the links before this one. */
    public long write(int track, ByteBuffer encoded, TrackDecoder decoder)
            throws MalformedTrackException, DeviceException {
        forgetLooked(track, 1);
        ByteBuffer decoded = rawOf(track, encoded, decoder);
        if (sight != null) {
            sight.see(track, decoded);
        }
        long checksum = EncodedTrack.checksum(encoded);
        writeRaw(track, decoded, checksum);
        return checksum;
    }

    /**
     * Writes a track that was decoded elsewhere. Not for a writer that is watched.
     *
     * @param decoded the raw bytes between position and limit, direct memory that lies on a page
     * @param checksum {@link TrackChecksum} of these
     */
    public void writeRaw(int track, ByteBuffer decoded, long checksum) throws DeviceException {
        target.write(track, decoded);
        if (look != null) {
            unverified.addLast(new Written(track, checksum));
        }
    }

    /** In a sealed session tracks that were read back right may turn out to be forged, and are written again. */
    private void forgetLooked(int firstTrack, int count) throws DeviceException {
        for (int track = firstTrack; sight != null && look != null && track < firstTrack + count; track++) {
            if (look.isKnown(track)) {
                look.forget(track, checksumOnDisk(track));
            }
        }
    }

    /** The decoded track; where it is raw and lies on a page, as in {@link AlignedBuffers#allocate(int, int)}, it need not be copied. */
    private ByteBuffer rawOf(int track, ByteBuffer encoded, TrackDecoder decoder) throws MalformedTrackException {
        int rawBytes = target.space().rawBytes(track);
        if (encoded.remaining() > EncodedTrack.HEADER_BYTES
                && EncodedTrack.codec(encoded) == CodecId.RAW
                && AlignedBuffers.isOnPage(encoded, encoded.position() + EncodedTrack.HEADER_BYTES)) {
            return TrackDecoder.inPlace(track, rawBytes, encoded);
        }
        decoder.decode(track, rawBytes, encoded, raw.clear());
        return raw;
    }

    /**
     * Does what a skip range asks for, and reads back what must be zero.
     *
     * @throws DeviceException when the disk fails, or holds something else than the zeros
     */
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        forgetLooked(firstTrack, count);
        target.skip(firstTrack, count, kind);
        if (!kind.isZeroed() || look == null) {
            return;
        }
        int track = firstTrack;
        while (track < firstTrack + count) {
            int endOfHole = target.endOfHole(track);
            if (endOfHole == track) {
                checkZero(track);
            }
            track = Math.max(endOfHole, track + 1);
        }
        look.onZeros(firstTrack, count);
    }

    /** Drives are known whose command for zeroing does not zero: what does not read as zero is written. */
    private void checkZero(int track) throws DeviceException {
        if (isZero(track)) {
            return;
        }
        look.suspect("track " + track + " was zeroed but does not read back as zero");
        Zeros.put(raw.clear().limit(target.space().rawBytes(track)));
        target.write(track, raw.flip());
        if (!isZero(track)) {
            throw new DeviceException(
                    "track " + track
                            + " does not read back as zero, although it was zeroed and zeros were written to it",
                    0,
                    null);
        }
    }

    private boolean isZero(int track) throws DeviceException {
        readBack(track);
        return Zeros.isZero(raw);
    }

    /**
     * Whether the disk holds a track already. What lies in a hole of a sparse file is zero, and is not read.
     *
     * @param kind data or zero
     * @param checksum {@link TrackChecksum} of it
     */
    public boolean holds(int track, TrackKind kind, long checksum) throws DeviceException {
        boolean isZeroInHole = kind == TrackKind.ZERO && target.endOfHole(track) > track;
        boolean isHeld = isZeroInHole || checksumOnDisk(track) == checksum;
        if (isHeld && look != null) {
            look.onGood(track, checksum);
        }
        return isHeld;
    }

    /**
     * As {@link #holds}, where {@code isIt} says whether raw bytes of a data track are the right ones. Returns the checksum of a track that the
     * disk holds; empty when the disk does not hold it.
     */
    public OptionalLong heldChecksum(int track, TrackKind kind, Predicate<ByteBuffer> isIt) throws DeviceException {
        boolean isZeroInHole = kind == TrackKind.ZERO && target.endOfHole(track) > track;
        if (!isZeroInHole) {
            readBack(track);
            if (!(kind == TrackKind.ZERO ? Zeros.isZero(raw) : isIt.test(raw))) {
                return OptionalLong.empty();
            }
        }
        long checksum = isZeroInHole
                ? TrackChecksum.ofZeros(target.space().rawBytes(track))
                : TrackChecksum.of(raw.duplicate());
        if (look != null) {
            look.onGood(track, checksum);
        }
        return OptionalLong.of(checksum);
    }

    /** Whether something waits for being read back. */
    public boolean hasUnverified() {
        return !unverified.isEmpty();
    }

    /**
     * Whether to read back before anything else is written. Once enough waits all of it is read back in a row: a drive with heads would
     * lose two turns for each track that is read between two that are written.
     */
    public boolean isVerifyDue() {
        if (unverified.size() >= MOST_UNVERIFIED) {
            isCatchingUp = true;
        } else if (unverified.isEmpty()) {
            isCatchingUp = false;
        }
        return isCatchingUp;
    }

    /** Reads back the track that has waited longest. What comes back wrong makes the disk suspect. */
    public Verified verifyOldest() throws DeviceException {
        Written written = unverified.removeFirst();
        Verified verified = new Verified(written.track(), written.checksum(), checksumOnDisk(written.track()));
        if (verified.isGood()) {
            look.onGood(verified.track(), verified.expected());
        } else {
            look.suspect("track " + verified.track() + " was " + verified.difference());
        }
        return verified;
    }

    /** {@link TrackChecksum} of a track as the disk holds it now. */
    public long checksumOnDisk(int track) throws DeviceException {
        readBack(track);
        return TrackChecksum.of(raw);
    }

    private void readBack(int track) throws DeviceException {
        int rawBytes = target.space().rawBytes(track);
        target.read(track, raw.clear().limit(rawBytes));
        raw.clear().limit(rawBytes);
    }

    @Override
    public void close() {
        ownDecoder.close();
    }
}
