package org.imgblstr.disk.pass;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.codec.CodecId;
import org.imgblstr.codec.TrackEncoder;

/**
 * What the reader of a pass encodes itself. Handing a track to another thread pays when the track is to be compressed. A track that stays raw
 * needs a header only, and has it made while the track is still in the processor's cache: with the codec {@code none} each track, with zstd
 * those that follow a run of tracks that stayed raw. {@link #onEncoded} is for any thread, everything else for the reader.
 */
final class ReadersEncoder implements AutoCloseable {
    /** Tracks in a row that stay raw before the reader looks at the next one itself: 8 MiB. */
    static final int RAW_RUN = 32;

    private final TrackEncoder encoder;
    private final boolean isForAll;
    private final AtomicInteger run = new AtomicInteger();

    ReadersEncoder(DiskFeed.Encoding encoding) {
        isForAll = encoding.codec().id() == CodecId.RAW;
        boolean isForRuns = encoding.codec().id() == CodecId.ZSTD && !encoding.isDescribed();
        encoder = isForAll || isForRuns ? new TrackEncoder(encoding.codec()) : null;
    }

    /** The encoder when the reader encodes every track, else null. */
    TrackEncoder forAll() {
        return isForAll ? encoder : null;
    }

    /** Whether no track waits for another thread at the moment, so that few of them on their way are enough. */
    boolean isAlone() {
        return isForAll || (encoder != null && run.get() >= RAW_RUN);
    }

    /** Makes {@code framed} the encoded track when it follows a run of raw ones and stays raw too. */
    boolean encodesRaw(int track, ByteBuffer framed) {
        return !isForAll && isAlone() && encoder.encodeRaw(track, framed);
    }

    /** An encoder has encoded a track that was not zero. */
    void onEncoded(boolean staysRaw) {
        if (staysRaw) {
            run.incrementAndGet();
        } else {
            run.set(0);
        }
    }

    @Override
    public void close() {
        if (encoder != null) {
            encoder.close();
        }
    }
}
