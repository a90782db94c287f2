package org.imgblstr.disk.track;

import java.io.Closeable;
import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.geometry.TrackSpace;

/** Writes and reads back whole tracks of a track space at their places on a target disk. Safe for use by several threads. */
public interface TrackTarget extends Closeable {
    TrackSpace space();

    /** Writes one track: {@code raw} holds {@code space().rawBytes(track)} bytes. Up to three tries. */
    void write(int track, ByteBuffer raw) throws DeviceException;

    /** Does what a skip range asks for: ZERO and UNREADABLE make the tracks read back as zero; UNUSED discards when so configured, else nothing. */
    void skip(int firstTrack, int count, TrackKind kind) throws DeviceException;

    /** Reads a track back from the disk, not from memory where that can be told. */
    void read(int track, ByteBuffer into) throws DeviceException;

    /**
     * First track at or after {@code track} that need not read back as zero: those before it lie in a hole of a sparse file as a whole.
     * Immediate however large the hole is; {@code track} itself where nobody knows.
     */
    default int endOfHole(int track) throws DeviceException {
        return track;
    }

    /** Returns once everything is on the medium; what is read afterwards comes from there. */
    void sync() throws DeviceException;

    /** The last thing to ask: {@link Disk#checkInPlace}. */
    void checkInPlace() throws DeviceException;

    /**
     * What remains to be done with a target that holds all of the image: after {@link #checkInPlace}, once, by one thread. Nothing is written,
     * read or synced afterwards.
     *
     * @return why that failed, one sentence; "" when all is done
     */
    default String finish() {
        return "";
    }

    /** What {@link #finish} has done, a few words for the operator of the master; "" for nothing. After it, by the same thread. */
    default String remark() {
        return "";
    }

    /** Syncs nothing; lets the kernel read the partition table again when the whole disk was written. */
    @Override
    void close();
}
