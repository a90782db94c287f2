package org.imgblstr.disk.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.image.sealed.BoxCipher;
import org.imgblstr.disk.image.sealed.DigestRecord;
import org.imgblstr.disk.image.sealed.SignedDigests;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackSink;

/**
 * Checks an image file from end to end, past damaged tracks. Links that cannot be decoded because one before them is damaged count as
 * damaged too: they cannot be restored either. One thread.
 */
final class ImageVerifier implements TrackSink, Closeable {
    private static final long PROGRESS_BYTES = 16 << 20;

    private final ImageChannel file;
    private final TrackSpace space;
    private final SignedDigests signed;
    private final BoxCipher cipher;
    private final TrackDecoder decoder = new TrackDecoder();
    private final TrackHasher hasher = new TrackHasher();
    /** Of the tracks of this chunk that are sound, by their places in it; only where digest records follow. */
    private final byte[][] digests = new byte[IndexChunk.TRACKS][];

    private final ByteBuffer raw;
    private final List<MalformedImageException> damages = new ArrayList<>();
    private ImageStream stream;
    private final UnreadableSectors lost;
    private long damageCount;
    private int nextTrack;
    private int groupStart;
    /** Tracks of this group that are damaged themselves, counted from its start; since the last sound link. */
    private final BitSet damagedOfGroup = new BitSet(EncodedTrack.CHAIN_TRACKS);

    /** {@code signed}: what each track must be; null when anything sound will do. */
    ImageVerifier(ImageChannel file, TrackSpace space, SignedDigests signed) {
        this.file = file;
        this.space = space;
        this.signed = signed;
        this.cipher = file.newCipher();
        this.lost = new UnreadableSectors(space);
        this.raw = ByteBuffer.allocateDirect(space.geometry().trackBytes());
    }

    ImageVerification run(ImageVerification.Progress progress, BooleanSupplier isCancelled) throws IOException {
        try {
            stream = new ImageStream(file.path(), file.forward(), cipher, this::onDamage);
            stream.onDigests(this::compareDigests);
            return new ImageVerification(checkAll(progress, isCancelled), damageCount, damages, lost);
        } catch (MalformedImageException e) {
            onDamage(e, ImageStream.NO_TRACK);
            loseTheRest();
            return new ImageVerification(false, damageCount, damages, lost);
        }
    }

    /** Where the structure is broken nobody finds the records behind it. */
    private void loseTheRest() {
        int next = stream == null ? 0 : stream.nextTrack();
        if (next < space.trackCount()) {
            lost.addTracks(next, space.trackCount() - next);
        }
    }

    private boolean checkAll(ImageVerification.Progress progress, BooleanSupplier isCancelled) throws IOException {
        long nextProgress = 0;
        do {
            if (isCancelled.getAsBoolean()) {
                return false;
            }
            if (stream.position() >= nextProgress) {
                progress.onProgress(stream.position(), file.sizeBytes());
                nextProgress = stream.position() + PROGRESS_BYTES;
            }
        } while (stream.next(this));
        stream.finish(this);
        progress.onProgress(stream.position(), file.sizeBytes());
        return true;
    }

    private void onDamage(MalformedImageException damage, int track) {
        damageCount++;
        if (track != ImageStream.NO_TRACK) {
            lost.addTracks(track, 1);
        }
        if (damages.size() < ImageVerification.MAX_DAMAGES) {
            damages.add(damage);
        }
    }

    @Override
    public void data(int track, ByteBuffer encoded) {
        comeTo(track, 1);
        int needed = damagedOfGroup.nextSetBit(EncodedTrack.chainStart(encoded) - groupStart);
        if (!decoder.isReadyFor(encoded) && needed >= 0) {
            onDamage(
                    new MalformedImageException(
                            file.path(),
                            stream.bodyOffset(),
                            "track " + (groupStart + needed) + ", without which track " + track + " cannot be decoded",
                            "damaged bytes"),
                    track);
            return;
        }
        try {
            decoder.decode(track, space.rawBytes(track), encoded, raw.clear());
            if (stream.layout().hasDigests()) {
                digests[track % IndexChunk.TRACKS] = hasher.hash(raw, EncodedTrack.unreadable(encoded));
            }
            if (EncodedTrack.isLink(encoded)) {
                damagedOfGroup.clear();
            }
        } catch (MalformedTrackException e) {
            damagedOfGroup.set(track - groupStart);
            onDamage(Checks.malformed(file.path(), stream.bodyOffset(), track, e), track);
        }
    }

    /** Tracks that were found damaged have none. */
    private void compareDigests(int firstTrack, int trackCount, ByteBuffer body) throws IOException {
        if (signed != null) {
            signed.checkBody(firstTrack / IndexChunk.TRACKS, body);
        }
        DigestRecord record = DigestRecord.of(body);
        for (int i = 0; i < trackCount; i++) {
            TrackKind kind = record.kind(i);
            boolean isToCompare = digests[i] != null || (kind != null && !kind.isEncoded());
            if (isToCompare && !record.has(i, digests[i])) {
                if (signed != null) {
                    signed.check(firstTrack + i, kind, digests[i]);
                }
                onDamage(
                        new MalformedImageException(
                                file.path(),
                                stream.bodyOffset() + DigestRecord.bytesOf(i),
                                "the digest of track " + (firstTrack + i),
                                "another digest"),
                        firstTrack + i);
            }
            digests[i] = null;
        }
    }

    /** The stream passes over tracks that it finds damaged. */
    private void comeTo(int track, int count) {
        if (EncodedTrack.groupStart(track) != groupStart) {
            groupStart = EncodedTrack.groupStart(track);
            damagedOfGroup.clear();
        }
        damagedOfGroup.set(Math.max(0, nextTrack - groupStart), track - groupStart);
        nextTrack = track + count;
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        // The stream has checked all there is to a range.
        comeTo(firstTrack, count);
    }

    @Override
    public void end(byte[] contentDigest) {
        // The stream has compared the digest with the checksums of the tracks, and each of them was decoded to.
    }

    @Override
    public void close() {
        decoder.close();
        if (cipher != null) {
            cipher.close();
        }
    }
}
