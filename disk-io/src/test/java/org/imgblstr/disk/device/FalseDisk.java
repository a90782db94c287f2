package org.imgblstr.disk.device;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/** A disk in memory that is not what it says: sectors may lie in wrong places, and writes may be lost when they were seen already. One thread. */
public final class FalseDisk implements Disk {
    public static final int SECTOR_BYTES = 512;

    private static final byte JUNK = 0x5A;

    private final byte[] medium;
    private final byte[] cache;
    private final boolean[] isCached;
    private LongUnaryOperator placeOf = sector -> sector;
    private int writes;
    private int lostWrite = -1;
    private int misplacedWrite = -1;
    private long misplacedBy;
    private boolean isCaching;
    private int lostSync = -1;
    private int syncs;

    public FalseDisk(long sectors) {
        medium = new byte[Math.toIntExact(sectors * SECTOR_BYTES)];
        cache = new byte[medium.length];
        isCached = new boolean[(int) sectors];
        Arrays.fill(medium, JUNK);
    }

    /** Where each sector really lies. */
    public FalseDisk places(LongUnaryOperator operator) {
        placeOf = operator;
        return this;
    }

    public FalseDisk wrapsAt(long sectors) {
        return places(sector -> sector % sectors);
    }

    /** The n-th write, counted from 0, is seen until the next sync and never gets to the medium. */
    public FalseDisk loses(int write) {
        isCaching = true;
        lostWrite = write;
        return this;
    }

    /** The n-th write goes to a place so many sectors further on. */
    public FalseDisk misplaces(int write, long sectors) {
        misplacedWrite = write;
        misplacedBy = sectors;
        return this;
    }

    /** All that came before the n-th sync is shown from memory until then, and lost. */
    public FalseDisk losesAllAtSync(int sync) {
        isCaching = true;
        lostSync = sync;
        return this;
    }

    public int writes() {
        return writes;
    }

    @Override
    public DiskIdentity identity() {
        return new DiskIdentity("/dev/false", "/dev/false", "", "", sizeBytes(), SECTOR_BYTES, DiskIdentity.Kind.DISK);
    }

    @Override
    public long sizeBytes() {
        return medium.length;
    }

    @Override
    public int sectorBytes() {
        return SECTOR_BYTES;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        for (long sector = offset / SECTOR_BYTES; into.hasRemaining(); sector++) {
            int place = (int) placeOf.applyAsLong(sector);
            into.put(isCached[place] ? cache : medium, place * SECTOR_BYTES, SECTOR_BYTES);
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        int write = writes++;
        long moved = write == misplacedWrite ? misplacedBy : 0;
        for (long sector = offset / SECTOR_BYTES; from.hasRemaining(); sector++) {
            int place = (int) placeOf.applyAsLong((sector + moved) % isCached.length);
            boolean isOnMedium = write != lostWrite && lostSync < 0;
            from.get(cache, place * SECTOR_BYTES, SECTOR_BYTES);
            isCached[place] = isCaching;
            if (isOnMedium) {
                System.arraycopy(cache, place * SECTOR_BYTES, medium, place * SECTOR_BYTES, SECTOR_BYTES);
            }
        }
    }

    @Override
    public void zero(long offset, long length) {
        write(offset, ByteBuffer.allocate(Math.toIntExact(length)));
    }

    @Override
    public void discard(long offset, long length) {}

    @Override
    public void sync() {
        if (syncs++ < lostSync) {
            return;
        }
        Arrays.fill(isCached, false);
    }

    @Override
    public void checkInPlace() {}

    @Override
    public void close() {}
}
