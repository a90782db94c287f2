package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * A disk as it will be when the image of a whole disk is on it: the bytes of the image, and zeros behind them. For reading only; one thread.
 */
public final class RestoredDisk implements Disk {
    private final DiskIdentity identity;
    private final ImageDisk image;
    private final TrackSpace space;
    private final long sizeBytes;

    /** {@code identity}: of a disk at least as long as the image; {@code image} stays open. */
    RestoredDisk(DiskIdentity identity, ImageDisk image, TrackSpace space) {
        this(identity, image, space, identity.sizeBytes());
    }

    private RestoredDisk(DiskIdentity identity, ImageDisk image, TrackSpace space, long sizeBytes) {
        this.identity = identity;
        this.image = image;
        this.space = space;
        this.sizeBytes = sizeBytes;
    }

    /** As long as the source of the image was; {@code identity}: of the disk that messages name. */
    public static RestoredDisk asSource(DiskIdentity identity, ImageDisk image, TrackSpace space) {
        return new RestoredDisk(identity, image, space, space.totalBytes());
    }

    /** The same where no disk is known: messages name the image. */
    public static RestoredDisk asSource(Path imageFile, ImageDisk image, TrackSpace space) {
        String name = imageFile.toString();
        // The file is no disk: its length is not the one of its source.
        DiskIdentity identity = new DiskIdentity(
                name, name, "", "", space.totalBytes(), space.geometry().sectorBytes(), DiskIdentity.Kind.FILE);
        return asSource(identity, image, space);
    }

    @Override
    public DiskIdentity identity() {
        return identity;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    /** A regular file takes on the sectors of its image. */
    @Override
    public int sectorBytes() {
        return space.geometry().sectorBytes();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        try {
            image.read(offset, into);
        } catch (IOException e) {
            throw new DeviceException(e.getMessage(), 0, e);
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        throw readOnly();
    }

    @Override
    public void zero(long offset, long length) {
        throw readOnly();
    }

    @Override
    public void discard(long offset, long length) {
        throw readOnly();
    }

    private static IllegalStateException readOnly() {
        return new IllegalStateException("a disk that is not written yet is not written here");
    }

    @Override
    public void sync() {}

    @Override
    public void checkInPlace() {}

    @Override
    public void close() {}
}
