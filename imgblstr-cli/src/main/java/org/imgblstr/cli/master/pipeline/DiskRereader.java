package org.imgblstr.cli.master.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.TrackSource;

/**
 * Reads single tracks of a disk once more, while or after a pass runs, and encodes each alone, whatever it was in the pass: it decodes without any other.
 * One thread at a time.
 */
public final class DiskRereader implements AutoCloseable {
    private final TrackSource source;
    private final CodecChoice codec;
    private final LevelMap levels;
    private final TrackEncoder encoder;
    private final ByteBuffer raw;

    /** {@code levels}: those of the pass, which are used again, so that a track has the same bytes each time that it is read again. */
    public DiskRereader(TrackSource source, CodecChoice codec, LevelMap levels) {
        this.source = source;
        this.codec = codec;
        this.levels = levels;
        this.encoder = new TrackEncoder(codec);
        this.raw = AlignedBuffers.allocate(source.space().geometry().trackBytes());
    }

    /**
     * Puts the encoded track into {@code encoded} from its position on and leaves it ready to read.
     *
     * @throws DeviceException when the track cannot be read any more, or holds zeros now although it held data in the pass: the disk
     *     changes while it is imaged
     */
    public synchronized void reread(int track, ByteBuffer encoded) throws IOException {
        int rawBytes = source.space().rawBytes(track);
        if (!source.read(track, raw.clear().limit(rawBytes))) {
            throw failed(track, "could be read in the pass and cannot be read any more");
        }
        if (codec.isAdaptive()) {
            encoder.level(levels.of(track));
        }
        if (encoder.encode(track, raw.clear().limit(rawBytes), encoded) != TrackKind.DATA) {
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
