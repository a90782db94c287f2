package org.imgblstr.disk.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.TrackSink;
import org.imgblstr.disk.geometry.TrackSpace;

/** Checks an image file from end to end, past damaged tracks. One thread. */
final class ImageVerifier implements TrackSink, Closeable {
    private static final long PROGRESS_BYTES = 16 << 20;

    private final ImageChannel file;
    private final TrackSpace space;
    private final TrackDecoder decoder = new TrackDecoder();
    private final ByteBuffer raw;
    private final List<MalformedImageException> damages = new ArrayList<>();
    private ImageStream stream;
    private long damageCount;

    ImageVerifier(ImageChannel file, TrackSpace space) {
        this.file = file;
        this.space = space;
        this.raw = ByteBuffer.allocateDirect(space.geometry().trackBytes());
    }

    ImageVerification run(ImageProgress progress, BooleanSupplier isCancelled) throws IOException {
        try {
            stream = new ImageStream(file.path(), file.forward(), this::onDamage);
            return new ImageVerification(checkAll(progress, isCancelled), damageCount, damages);
        } catch (MalformedImageException e) {
            onDamage(e);
            return new ImageVerification(false, damageCount, damages);
        }
    }

    private boolean checkAll(ImageProgress progress, BooleanSupplier isCancelled) throws IOException {
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

    private void onDamage(MalformedImageException damage) {
        damageCount++;
        if (damages.size() < ImageVerification.MAX_DAMAGES) {
            damages.add(damage);
        }
    }

    @Override
    public void data(int track, ByteBuffer encoded) {
        try {
            decoder.decode(track, space.rawBytes(track), encoded, raw.clear());
        } catch (MalformedTrackException e) {
            onDamage(Checks.malformed(file.path(), stream.bodyOffset(), track, e));
        }
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        // The stream has checked all there is to a range.
    }

    @Override
    public void end(byte[] contentDigest) {
        // The stream has compared the digest with the checksums of the tracks, and each of them was decoded to.
    }

    @Override
    public void close() {
        decoder.close();
    }
}
