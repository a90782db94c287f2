package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.UnsureException;

/**
 * The journal of NTFS, $LogFile. While it holds changes that are not yet carried out, the bitmap may be older than the files. Source:
 * Linux-NTFS project, "NTFS Documentation", $LogFile: two restart pages, of which the younger counts.
 */
final class NtfsLog {
    private static final int RESTART = 0x5254_5352;
    private static final int CHECKED = 0x444B_4843;
    private static final int EMPTY = 0xFFFF_FFFF;
    private static final int DEFAULT_PAGE_BYTES = 4096;
    private static final int MAX_PAGE_BYTES = 64 << 10;
    private static final int HEADER_BYTES = 512;
    private static final int NO_CLIENT = 0xFFFF;
    private static final int FLAG_CLEAN = 2;

    /** The last two bytes of each such stride of a page repeat the page's update sequence number. */
    private static final int STRIDE_BYTES = 512;

    /** What a restart page says. */
    private record Restart(long number, boolean isClean, long offset) {}

    private NtfsLog() {}

    /** Throws unless the log says that Windows, or whoever wrote last, left the volume in order. */
    static void requireClean(NtfsRuns log) throws UnsureException, DeviceException {
        ByteBuffer first = log.read(0, HEADER_BYTES);
        boolean isFirstValid = isRestart(first);
        int pageBytes = isFirstValid ? first.getInt(0x10) : DEFAULT_PAGE_BYTES;
        require(
                pageBytes >= HEADER_BYTES && pageBytes <= MAX_PAGE_BYTES && Integer.bitCount(pageBytes) == 1,
                "has pages of " + pageBytes + " bytes");
        ByteBuffer second = log.read(pageBytes, HEADER_BYTES);
        boolean isSecondValid = isRestart(second);
        if (!isFirstValid && !isSecondValid) {
            require(first.getInt(0) == EMPTY && second.getInt(0) == EMPTY, "is damaged");
            return;
        }
        // Where one was never written, or was being written, the other one counts.
        Restart newest = isFirstValid ? restartOf(first, 0) : restartOf(second, pageBytes);
        if (isFirstValid && isSecondValid && restartOf(second, pageBytes).number() > newest.number()) {
            newest = restartOf(second, pageBytes);
        }
        // Of one that was written only in part Windows takes the other, which may tell of changes.
        require(isWhole(log.read(newest.offset(), pageBytes)), "has a restart page that was written only in part");
        require(
                newest.isClean(),
                "holds changes that are not carried out: shut Windows down fully, without fast startup");
    }

    private static boolean isRestart(ByteBuffer page) {
        return page.getInt(0) == RESTART || page.getInt(0) == CHECKED;
    }

    private static boolean isWhole(ByteBuffer page) {
        int at = Short.toUnsignedInt(page.getShort(4));
        int count = Short.toUnsignedInt(page.getShort(6));
        boolean isWhole = count == page.limit() / STRIDE_BYTES + 1 && at <= page.limit() - count * Short.BYTES;
        for (int end = STRIDE_BYTES; isWhole && end <= page.limit(); end += STRIDE_BYTES) {
            isWhole = page.getShort(end - Short.BYTES) == page.getShort(at);
        }
        return isWhole;
    }

    private static Restart restartOf(ByteBuffer page, long offset) throws UnsureException {
        int area = Short.toUnsignedInt(page.getShort(0x18));
        require(area >= 0x1E && area <= HEADER_BYTES - 0x12, "has a restart area at " + area);
        boolean hasNoClient = Short.toUnsignedInt(page.getShort(area + 0xC)) == NO_CLIENT;
        boolean isFlaggedClean = (page.getShort(area + 0xE) & FLAG_CLEAN) != 0;
        return new Restart(page.getLong(area), hasNoClient || isFlaggedClean, offset);
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("NTFS: its journal " + otherwise);
        }
    }
}
