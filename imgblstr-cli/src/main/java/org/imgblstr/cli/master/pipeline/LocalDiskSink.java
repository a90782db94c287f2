package org.imgblstr.cli.master.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.TrackSink;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.TrackTarget;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageReader;

/** Writes the tracks of a pass to a local disk, syncs, and reads them back. For one thread; {@link #bytesVerified()} for any. */
public final class LocalDiskSink implements TrackSink, AutoCloseable {
    private final TrackTarget target;
    private final TrackSpace space;
    private final TrackDecoder decoder = new TrackDecoder();
    private final ByteBuffer raw;
    private final LongAdder bytesVerified = new LongAdder();

    /** {@code target}: open for writing; the caller closes it. */
    public LocalDiskSink(TrackTarget target) {
        this.target = target;
        this.space = target.space();
        this.raw = AlignedBuffers.allocate(space.geometry().trackBytes());
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        try {
            decoder.decode(track, space.rawBytes(track), encoded, raw.clear());
        } catch (MalformedTrackException e) {
            throw new IllegalStateException("track " + track + " was checked and does not decode", e);
        }
        target.write(track, raw);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        target.skip(firstTrack, count, kind);
    }

    @Override
    public void end(byte[] contentDigest) throws IOException {
        target.sync();
    }

    /**
     * Reads back all that was written and compares it with the image it came from. In one go at the end, because a drive with heads would
     * lose a turn for each track that is read right after it was written.
     *
     * @throws DeviceException when the disk gives back something else; the message names the first track that differs
     */
    public void verify(ImageReader image, BooleanSupplier isStopped) throws IOException {
        ContentDigest digest = new ContentDigest(space.trackCount());
        for (int track = 0; track < space.trackCount(); track++) {
            if (isStopped.getAsBoolean()) {
                throw new StoppedException();
            }
            TrackKind kind = image.kindOf(track);
            if (kind == TrackKind.DATA || kind == TrackKind.ZERO) {
                digest.set(track, TrackKind.DATA, checksumOnDisk(track));
                bytesVerified.add(space.rawBytes(track));
            } else {
                digest.setRange(track, 1, kind, 0);
            }
        }
        byte[] found = digest.digest();
        if (!Arrays.equals(found, image.summary().contentDigest())) {
            throw differs(image, found);
        }
    }

    /** How many bytes {@link #verify} has read. */
    public long bytesVerified() {
        return bytesVerified.sum();
    }

    @Override
    public void close() {
        decoder.close();
    }

    private long checksumOnDisk(int track) throws DeviceException {
        raw.clear().limit(space.rawBytes(track));
        target.read(track, raw);
        return TrackChecksum.of(raw.clear().limit(space.rawBytes(track)));
    }

    // The digest is small enough to keep for any disk but does not say where; the image does.
    private DeviceException differs(ImageReader image, byte[] found) throws IOException {
        ByteBuffer encoded =
                AlignedBuffers.allocate(EncodedTrack.maxBytes(space.geometry().trackBytes()));
        for (int track = 0; track < space.trackCount(); track++) {
            long expected;
            switch (image.kindOf(track)) {
                case DATA -> {
                    image.read(track, encoded.clear());
                    expected = EncodedTrack.checksum(encoded);
                }
                case ZERO -> expected = TrackChecksum.ofZeros(space.rawBytes(track));
                default -> {
                    continue;
                }
            }
            long onDisk = checksumOnDisk(track);
            if (onDisk != expected) {
                return new DeviceException(
                        "track " + track + " reads back different from what was written: expected checksum "
                                + hex(expected) + ", found " + hex(onDisk) + "; the disk is not to be trusted",
                        0,
                        null);
            }
        }
        return new DeviceException(
                "the disk gave back other bytes than were written, and the right ones when asked again: digest "
                        + HexFormat.of().formatHex(found) + "; it is not to be trusted",
                0,
                null);
    }

    private static String hex(long checksum) {
        return HexFormat.of().toHexDigits(checksum);
    }
}
