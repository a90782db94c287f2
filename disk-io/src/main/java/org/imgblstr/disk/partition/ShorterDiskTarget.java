package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.WrappedTarget;

/**
 * A whole disk with a GPT on a shorter one. Track 0 gets a head that fits; the tracks at the end of the target and behind it are held in
 * memory until {@link #sync}, which writes what of them there is room for, then the backup of the table at the target's end, and reads
 * both back. A track that was changed reads as its source had it, as long as the disk has exactly what was meant to be written there: so
 * digests compare with those of the master. Safe for use by several threads. Source: docs/targets.md, section 4.
 */
public final class ShorterDiskTarget extends WrappedTarget {
    /** Tracks at the end: two of the target, and those with the backup of the source. More is not what the master promised. */
    private static final int MOST_HELD = 16;

    private final Disk disk;
    private final TrackSpace space;
    private final int sectorBytes;
    private final int trackBytes;
    private final int firstHeld;
    private final Map<Integer, byte[]> held = new TreeMap<>();
    private byte[] head;
    private byte[] fittedHead;
    private GptFit fit;

    /**
     * @param target writes to {@code disk}, whose start is the start of the image; closed by {@link #close}
     * @param disk shorter than the image, at least as long as its required bytes
     */
    public ShorterDiskTarget(TrackTarget target, Disk disk) {
        super(target);
        this.disk = disk;
        this.space = target.space();
        this.sectorBytes = space.geometry().sectorBytes();
        this.trackBytes = space.geometry().trackBytes();
        // A backup is never longer than a track, as the head from which it is made is one.
        this.firstHeld = (int) Math.max(1, (disk.sizeBytes() - trackBytes) / trackBytes);
    }

    /** Whether a track goes straight to the disk, as on any other target. */
    private boolean isPlain(int track) {
        return track > 0 && track < firstHeld;
    }

    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        if (isPlain(track)) {
            super.write(track, raw);
            return;
        }
        byte[] bytes = new byte[raw.remaining()];
        raw.get(bytes);
        synchronized (this) {
            if (track == 0) {
                writeHead(bytes);
            } else {
                hold(track, bytes);
            }
        }
    }

    private void writeHead(byte[] bytes) throws DeviceException {
        Optional<GptFit> found = GptFit.of(ByteBuffer.wrap(bytes), sectorBytes);
        head = bytes;
        fit = found.orElse(null);
        if (fit != null && Math.max(fit.leastSectors(), leastSectorsOf(fit)) > sectors()) {
            throw failure("its partitions and the backup of their table need " + fit.leastSectors() + " sectors");
        }
        fittedHead = fit == null ? bytes : fit.head(sectors()).array();
        super.write(0, aligned(fittedHead));
    }

    /** The backup must not lie in track 0, which is compared as a whole. */
    private long leastSectorsOf(GptFit gpt) {
        return (long) trackBytes / sectorBytes + gpt.backupSectors();
    }

    private void hold(int track, byte[] bytes) throws DeviceException {
        if (held.size() == MOST_HELD && !held.containsKey(track)) {
            throw failure("track " + track + " and others behind its end hold data");
        }
        held.put(track, bytes);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        int end = firstTrack + count;
        int endHere = Math.min(end, firstHeld);
        if (firstTrack < endHere) {
            super.skip(firstTrack, endHere - firstTrack, kind);
        }
        int endOnDisk = (int) Math.min(end, (disk.sizeBytes() + trackBytes - 1) / trackBytes);
        synchronized (this) {
            for (int track = Math.max(firstTrack, firstHeld); track < endOnDisk && kind.isZeroed(); track++) {
                hold(track, new byte[space.rawBytes(track)]);
            }
        }
    }

    @Override
    public void read(int track, ByteBuffer into) throws DeviceException {
        if (isPlain(track)) {
            super.read(track, into);
        } else {
            into.put(edge(track));
        }
    }

    /**
     * What a track at either end counts as: what its source has there when all is as it should be, else what the disk has. A head with a GPT
     * that nobody has written yet counts as zeros.
     */
    private synchronized byte[] edge(int track) throws DeviceException {
        if (track > 0 && held.containsKey(track)) {
            return held.get(track);
        }
        byte[] found = onDisk(track);
        if (track == 0
                && head == null
                && GptFit.of(ByteBuffer.wrap(found), sectorBytes).isPresent()) {
            // The head of the source itself, say, which a comparison would take for what belongs here: it must come, so
            // that it is fitted.
            return new byte[found.length];
        }
        return track == 0 && Arrays.equals(found, fittedHead) ? head : found;
    }

    /** What the target has of a track, zeros behind its end. */
    private byte[] onDisk(int track) throws DeviceException {
        byte[] bytes = new byte[space.rawBytes(track)];
        int length = lengthOnDisk(track);
        if (length > 0) {
            ByteBuffer read = AlignedBuffers.allocate(length);
            disk.read((long) track * trackBytes, read);
            read.flip().get(bytes, 0, length);
        }
        return bytes;
    }

    private int lengthOnDisk(int track) {
        return (int) Math.max(0, Math.min(space.rawBytes(track), disk.sizeBytes() - (long) track * trackBytes));
    }

    @Override
    public int endOfHole(int track) throws DeviceException {
        return isPlain(track) ? Math.min(firstHeld, super.endOfHole(track)) : track;
    }

    @Override
    public synchronized void sync() throws DeviceException {
        long tableByte = fit == null ? disk.sizeBytes() : (sectors() - fit.backupSectors()) * sectorBytes;
        for (Map.Entry<Integer, byte[]> track : held.entrySet()) {
            writeEnd((long) track.getKey() * trackBytes, track.getValue(), tableByte);
        }
        if (fit != null) {
            writeAndCheck(tableByte, fit.backup(sectors()).array());
        }
        super.sync();
    }

    /** Writes what of a track lies before the table. What lies behind the target may only be the source's own backup of it, or zero. */
    private void writeEnd(long firstByte, byte[] bytes, long tableByte) throws DeviceException {
        int length = (int) Math.max(0, Math.min(bytes.length, tableByte - firstByte));
        long lostFrom = Math.max(firstByte, disk.sizeBytes());
        long sourceTable = fit == null ? Long.MAX_VALUE : (fit.backupLba() + 1 - fit.backupSectors()) * sectorBytes;
        for (long at = lostFrom; at < Math.min(firstByte + bytes.length, sourceTable); at++) {
            if (bytes[(int) (at - firstByte)] != 0) {
                throw failure("byte " + at + " of the image lies behind its end");
            }
        }
        if (length > 0) {
            writeAndCheck(firstByte, Arrays.copyOf(bytes, length));
        }
    }

    private void writeAndCheck(long firstByte, byte[] bytes) throws DeviceException {
        disk.write(firstByte, aligned(bytes));
        ByteBuffer found = AlignedBuffers.allocate(bytes.length);
        disk.read(firstByte, found);
        if (!found.flip().equals(ByteBuffer.wrap(bytes))) {
            throw failure(
                    bytes.length + " bytes from byte " + firstByte + " on read back different from what was written");
        }
    }

    private static ByteBuffer aligned(byte[] bytes) {
        return AlignedBuffers.allocate(bytes.length).put(bytes).flip();
    }

    private long sectors() {
        return disk.sizeBytes() / sectorBytes;
    }

    private DeviceException failure(String what) {
        return new DeviceException(disk.identity().describe() + ": " + what, 0, null);
    }
}
