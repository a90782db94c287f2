package org.imgblstr.disk.device;

import java.io.Closeable;
import java.nio.ByteBuffer;
import org.imgblstr.disk.track.TrackSource;

/**
 * An open disk: a block device or a regular file. Offsets and lengths are bytes, multiples of the sector size. Reads and writes are
 * whole: they loop over short transfers. Safe for use by several threads.
 */
public interface Disk extends Closeable {
    /** What the disk is: path, model, serial, size. */
    DiskIdentity identity();

    /** Size in bytes. */
    long sizeBytes();

    /** Logical sector size: 512 or 4096. */
    int sectorBytes();

    /** Fills {@code into} from position to limit. One try: retries are the business of {@link TrackSource}. */
    void read(long offset, ByteBuffer into) throws DeviceException;

    /**
     * As {@link #read}, but nothing around the wanted sectors is read from the medium with them, where that can be had: for sectors that lie beside
     * bad ones. Slow.
     */
    default void readSectors(long offset, ByteBuffer into) throws DeviceException {
        read(offset, into);
    }

    /**
     * As {@link #read}; where that fails and pages are no whole number of the wanted sectors, these are read once more without what lies beside
     * them. For tables and superblocks, whose neighbour may be bad.
     */
    default void readAlone(long offset, ByteBuffer into) throws DeviceException {
        int position = into.position();
        int length = into.remaining();
        try {
            read(offset, into);
        } catch (DeviceException e) {
            boolean isPages = offset % AlignedBuffers.ALIGNMENT == 0 && length % AlignedBuffers.ALIGNMENT == 0;
            if (isPages || !Errno.isMedia(e.errno())) {
                throw e;
            }
            readSectors(offset, into.position(position));
        }
    }

    /** What the medium reads and loses as a whole: a multiple of the sector size, which it is where nobody knows. */
    default int physicalBlockBytes() {
        return sectorBytes();
    }

    /**
     * Where the hole that {@code offset} lies in ends, if its file system says that nothing is stored there and it reads as zeros;
     * {@code offset} itself when it lies in no hole or nobody knows.
     */
    default long endOfHole(long offset) throws DeviceException {
        return offset;
    }

    /** Writes {@code from} from position to limit. */
    void write(long offset, ByteBuffer from) throws DeviceException;

    /** Makes a range read back as zero by the cheapest sound means; where a drive refuses its command for that, zeros are written. */
    void zero(long offset, long length) throws DeviceException;

    /** Tells the drive that a range is not needed; its content is undefined afterwards. A favour: a drive that refuses is not asked again. */
    void discard(long offset, long length) throws DeviceException;

    /** Returns once everything written is on the medium; what is read afterwards comes from there, where the kernel can forget what it knows. */
    void sync() throws DeviceException;

    /**
     * Whether what was written is where the operator will look for it: the name of the disk still stands for what is open, with its length.
     *
     * @throws DeviceException when the file was replaced, removed or cut meanwhile, or the device is gone
     */
    void checkInPlace() throws DeviceException;

    /**
     * Lets the kernel read the partition table again. Returns false when the kernel keeps an old one, because something uses a partition; true
     * where the kernel has none, as of a file.
     */
    default boolean rereadPartitionTable() {
        return true;
    }

    @Override
    void close();
}
