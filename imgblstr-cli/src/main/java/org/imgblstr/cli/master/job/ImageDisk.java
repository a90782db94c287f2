package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageTracks;

/** Reads single bytes of the disk that an image was made of; what the image does not have is zeros. One thread. */
public final class ImageDisk implements AutoCloseable {
    /** No track. */
    public static final int NONE = -1;

    private final ImageReader image;
    private final TrackSpace space;
    private final ImageTracks tracks;
    private final ByteBuffer raw;
    private int lastTrack = NONE;

    /** {@code image} stays open. */
    public ImageDisk(ImageReader image) {
        this.image = image;
        this.space = image.space();
        this.tracks = new ImageTracks(image);
        this.raw = AlignedBuffers.allocate(space.geometry().trackBytes());
    }

    /** A part of the disk. */
    public BlockSource volume(Region part) {
        return new Volume(part);
    }

    private final class Volume implements BlockSource {
        private final Region part;

        Volume(Region part) {
            this.part = part;
        }

        @Override
        public long sizeBytes() {
            return part.sectorCount() * sectorBytes();
        }

        @Override
        public int sectorBytes() {
            return space.geometry().sectorBytes();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws DeviceException {
            try {
                ImageDisk.this.read(part.firstLba() * sectorBytes() + offset, into);
            } catch (IOException e) {
                throw new DeviceException(e.getMessage(), 0, e);
            }
        }
    }

    /** Fills {@code into} with what the disk held from a byte on. Thrown: the image is damaged, or cannot be read. */
    public void read(long diskOffset, ByteBuffer into) throws IOException {
        long at = diskOffset;
        while (into.hasRemaining()) {
            at += readSome(at, into);
        }
    }

    /** Up to the end of a track, or one sector that no region has. */
    private int readSome(long diskOffset, ByteBuffer into) throws IOException {
        int sectorBytes = space.geometry().sectorBytes();
        int track = trackOf(diskOffset / sectorBytes);
        int inTrack = track == NONE
                ? (int) (diskOffset % sectorBytes)
                : (int) (diskOffset - space.sourceLba(track) * sectorBytes);
        int end = track == NONE ? sectorBytes : space.rawBytes(track);
        int count = Math.min(into.remaining(), end - inTrack);
        if (track != NONE && image.kindOf(track).isEncoded()) {
            load(track);
            into.put(into.position(), raw, inTrack, count).position(into.position() + count);
        } else {
            into.put(new byte[count]);
        }
        return count;
    }

    private void load(int track) throws IOException {
        if (track != lastTrack) {
            lastTrack = NONE;
            tracks.decode(track, raw.clear());
            lastTrack = track;
        }
    }

    /** The track that holds a sector; {@link #NONE} when the image has none. */
    public int trackOf(long lba) {
        for (int i = 0; i < space.regions().size(); i++) {
            Region region = space.regions().get(i);
            if (lba >= region.firstLba() && lba < region.endLba()) {
                return space.firstTrackOf(i)
                        + (int) ((lba - region.firstLba()) / space.geometry().sectorsPerTrack());
            }
        }
        return NONE;
    }

    @Override
    public void close() {
        tracks.close();
    }
}
