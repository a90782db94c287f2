package org.imgblstr.disk.partition;

import java.io.IOException;

/** A partition table breaks its own rules. The message names the disk, the sector and offset, what was expected and what was found. */
public final class MalformedTableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long lba;
    private final int offset;

    /**
     * @param disk the disk, as a person knows it
     * @param lba sector of the fault
     * @param offset byte in that sector
     */
    public MalformedTableException(String disk, long lba, int offset, String expected, String found) {
        super(disk + ": partition table, LBA " + lba + ", byte " + offset + ": expected " + expected + ", found "
                + found);
        this.lba = lba;
        this.offset = offset;
    }

    public long lba() {
        return lba;
    }

    public int offset() {
        return offset;
    }
}
