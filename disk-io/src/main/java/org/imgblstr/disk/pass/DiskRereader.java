package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.track.TrackSource;

/**
 * Reads single tracks of a disk once more, while or after a pass runs, and encodes each alone, whatever it was in the pass: it decodes without any other.
 * One thread at a time.
 */
public final class DiskRereader implements AutoCloseable {
    private final TrackSource source;
    private final CodecChoice codec;
    private final LevelMap levels;
    private final TrackEncoder encoder;
    /** Behind room for a header. */
    private final ByteBuffer framed;

    /** {@code levels}: those of the pass, which are used again, so that a track has the same bytes each time that it is read again. */
    public DiskRereader(TrackSource source, CodecChoice codec, LevelMap levels) {
        this.source = source;
        this.codec = codec;
        this.levels = levels;
        this.encoder = new TrackEncoder(codec);
        this.framed = AlignedBuffers.allocate(
                EncodedTrack.maxBytes(source.space().geometry().trackBytes()), EncodedTrack.HEADER_BYTES);
    }

    /**
     * Puts the encoded track into {@code encoded} from its position on and leaves it ready to read.
     *
     * @throws DeviceException when the track cannot be read any more, or holds zeros now although it held data in the pass: the disk
     *     changes while it is imaged
     */
    public synchronized void reread(int track, ByteBuffer encoded) throws IOException {
        framed.clear().limit(EncodedTrack.HEADER_BYTES + source.space().rawBytes(track));
        ByteBuffer raw = framed.slice(EncodedTrack.HEADER_BYTES, framed.limit() - EncodedTrack.HEADER_BYTES);
        UnreadableMap unreadable = source.read(track, raw);
        if (unreadable.isWhole()) {
            throw failed(track, "could be read in the pass and cannot be read any more");
        }
        if (!unreadable.isNone()) {
            ByteBuffer partial = encoder.encodePartial(track, framed, unreadable, encoded::duplicate);
            encoded.limit(encoded.position() + partial.remaining());
            encoded.put(encoded.position(), partial, partial.position(), partial.remaining());
            return;
        }
        if (codec.isAdaptive()) {
            encoder.level(levels.of(track));
        }
        if (encoder.encode(track, raw.clear(), encoded) != TrackKind.DATA) {
            throw failed(track, "held data in the pass and holds zeros now: the disk changes while it is read");
        }
    }

    private static DeviceException failed(int track, String why) {
        return new DeviceException("track " + track + " " + why, 0, null);
    }

    @Override
    public synchronized void close() {
        encoder.close();
    }
}
