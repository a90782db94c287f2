package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.imgblstr.cli.master.job.ImageDisk;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.pass.ImageFeed;
import org.imgblstr.disk.pass.RawSink;
import org.imgblstr.disk.pass.RawSink.Destination;
import org.imgblstr.disk.pass.StoppedException;

/** The raw bytes of an image, or of partitions in it, one after the other. Used once, by one thread. */
final class RawExport {
    private final ImageReader image;
    private final TrackSpace space;
    private final List<Region> partitions;
    private final UnreadableSectors unreadable;
    private final BitSet noted;
    private long zeroBytes;

    /** {@code partitions}: empty for all that the image holds. */
    RawExport(ImageReader image, List<Region> partitions) {
        this.image = image;
        this.space = image.space();
        this.partitions = partitions;
        this.unreadable = new UnreadableSectors(space);
        this.noted = new BitSet();
    }

    /** How long the raw bytes are. */
    long totalBytes() {
        return partitions.isEmpty()
                ? space.totalBytes()
                : partitions.stream().mapToLong(Region::sectorCount).sum()
                        * space.geometry().sectorBytes();
    }

    /** How many of them may be other than zero. */
    long dataBytes() throws IOException {
        if (partitions.isEmpty()) {
            return image.summary().counts().usedBytes();
        }
        long sectors = 0;
        try (ImageDisk disk = new ImageDisk(image)) {
            for (Region partition : partitions) {
                for (long lba = partition.firstLba(); lba < partition.endLba(); ) {
                    int track = disk.trackOf(lba);
                    long end = endOf(track, partition);
                    sectors += image.kindOf(track).isEncoded() ? end - lba : 0;
                    lba = end;
                }
            }
        }
        return sectors * space.geometry().sectorBytes();
    }

    /** The first sector behind a track, or behind the partition when that ends in the track. */
    private long endOf(int track, Region partition) {
        return Math.min(partition.endLba(), space.sourceLba(track) + space.sectorCount(track));
    }

    /**
     * Writes all of them.
     *
     * @return what could not be read when the image was made, of all tracks that were looked at
     * @throws StoppedException when {@code isStopped}
     */
    UnreadableSectors pump(Destination destination, BooleanSupplier isStopped) throws IOException {
        if (partitions.isEmpty()) {
            try (RawSink sink = new RawSink(space, destination)) {
                return new ImageFeed(image).pump(sink, isStopped).unreadable();
            }
        }
        try (ImageDisk disk = new ImageDisk(image)) {
            for (Region partition : partitions) {
                copy(partition, disk, destination, isStopped);
            }
        }
        putZeros(destination);
        destination.end();
        return unreadable;
    }

    private void copy(Region partition, ImageDisk disk, Destination destination, BooleanSupplier isStopped)
            throws IOException {
        int sectorBytes = space.geometry().sectorBytes();
        ByteBuffer raw = AlignedBuffers.allocate(space.geometry().trackBytes());
        long lba = partition.firstLba();
        while (lba < partition.endLba()) {
            if (isStopped.getAsBoolean()) {
                throw new StoppedException();
            }
            int track = disk.trackOf(lba);
            long end = endOf(track, partition);
            int bytes = (int) (end - lba) * sectorBytes;
            if (note(track).isEncoded()) {
                disk.read(lba * sectorBytes, raw.clear().limit(bytes));
                putZeros(destination);
                destination.put(raw.flip());
            } else {
                zeroBytes += bytes;
            }
            lba = end;
        }
    }

    private void putZeros(Destination destination) throws IOException {
        if (zeroBytes > 0) {
            destination.putZeros(zeroBytes);
            zeroBytes = 0;
        }
    }

    /** What a track is. What of it is unreadable is noted once, though two partitions may share it. */
    private TrackKind note(int track) throws IOException {
        TrackKind kind = image.kindOf(track);
        if (!noted.get(track)) {
            noted.set(track);
            if (kind == TrackKind.UNREADABLE) {
                unreadable.addTracks(track, 1);
            } else if (kind == TrackKind.PARTIAL) {
                ByteBuffer encoded = ByteBuffer.allocate(
                        EncodedTrack.maxBytes(space.geometry().trackBytes()));
                image.read(track, encoded);
                unreadable.add(track, EncodedTrack.unreadable(encoded));
            }
        }
        return kind;
    }
}
