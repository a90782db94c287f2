package org.imgblstr.disk.filesystem;

/**
 * The used bytes of a volume or disk. Immutable; safe for use by several threads.
 *
 * <p>A bitmap of units, in pages of {@link UsedMapBuilder#PAGE_UNITS} units; a page that is free or used throughout costs one reference.
 * A unit is 512 bytes and grows by doubling when the mixed pages would need more than {@link UsedMapBuilder#MAX_BITMAP_BYTES}; a unit of
 * which any byte is used counts as used. So a map needs at most 32 MiB of bitmaps whatever the volume, is exact to the sector for
 * volumes up to 128 GiB, and to 4 KiB up to 1 TiB, however fragmented.
 *
 * <p>Some used bytes may be known to be zero without reading them. {@link #stored()} is the others, at most as large again.
 */
public final class UsedMap {
    /** Takes used ranges in ascending order. */
    @FunctionalInterface
    public interface RangeConsumer {
        /** Bytes {@code offset} to {@code endOffset}, exclusive, are used. */
        void accept(long offset, long endOffset);
    }

    private final long sizeBytes;
    private final int unitShift;
    private final long[][] pages;
    private final UsedMap stored;
    private final long usedBytes;

    /** {@code stored}: what of it is not known to be zero; null when nothing is. */
    UsedMap(long sizeBytes, int unitShift, long[][] pages, UsedMap stored) {
        this.sizeBytes = sizeBytes;
        this.unitShift = unitShift;
        this.pages = pages;
        this.stored = stored == null ? this : stored;
        this.usedBytes = countUsed();
    }

    /** A map of a volume of which every byte is used. */
    public static UsedMap allUsed(long sizeBytes) {
        return new UsedMapBuilder(sizeBytes).use(0, sizeBytes).build();
    }

    /** Size of the volume. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Resolution: 512 bytes or a power of two above. */
    public long unitBytes() {
        return 1L << unitShift;
    }

    public long usedBytes() {
        return usedBytes;
    }

    /** The used bytes that must be read; this map itself when none are known to be zero. */
    public UsedMap stored() {
        return stored;
    }

    /** Whether any of {@code length} bytes from {@code offset} on is used. Bytes outside the volume are not. */
    public boolean isUsed(long offset, long length) {
        return length > 0 && nextUsed(Math.max(offset, 0)) < offset + length;
    }

    /** First used byte at or behind {@code offset}; {@link #sizeBytes()} when there is none. */
    public long nextUsed(long offset) {
        return next(offset, UsedMapBuilder.FREE_PAGE, 0L);
    }

    /** First byte at or behind {@code offset} that is not used; {@link #sizeBytes()} when there is none. */
    public long nextFree(long offset) {
        return next(offset, UsedMapBuilder.USED_PAGE, -1L);
    }

    /** End of the last used byte; 0 when nothing is used. */
    public long endOfUsed() {
        for (int page = pages.length - 1; page >= 0; page--) {
            for (int word = UsedMapBuilder.PAGE_WORDS - 1;
                    pages[page] != UsedMapBuilder.FREE_PAGE && word >= 0;
                    word--) {
                if (pages[page][word] != 0) {
                    long unit = unitOf(page, word) + Long.SIZE - Long.numberOfLeadingZeros(pages[page][word]);
                    return Math.min(unit << unitShift, sizeBytes);
                }
            }
        }
        return 0;
    }

    /** Whether every byte that {@code other} uses is used here too. */
    public boolean covers(UsedMap other) {
        long first = other.nextUsed(0);
        while (first < other.sizeBytes()) {
            long end = other.nextFree(first);
            if (nextFree(first) < end) {
                return false;
            }
            first = other.nextUsed(end);
        }
        return true;
    }

    /** Gives the used ranges within {@code from} to {@code to}, exclusive, cut at both ends, adjacent ones merged. */
    public void forEachUsed(long from, long to, RangeConsumer consumer) {
        long end = Math.min(to, sizeBytes);
        long first = nextUsed(Math.max(from, 0));
        while (first < end) {
            long last = Math.min(nextFree(first), end);
            consumer.accept(first, last);
            first = nextUsed(last);
        }
    }

    /** Gives the ranges within {@code from} to {@code to}, exclusive, that are used and known to be zero, cut at both ends. */
    public void forEachZero(long from, long to, RangeConsumer consumer) {
        if (stored == this) {
            return;
        }
        forEachUsed(from, to, (first, end) -> {
            long zero = stored.nextFree(first);
            while (zero < end) {
                long last = Math.min(stored.nextUsed(zero), end);
                consumer.accept(zero, last);
                zero = stored.nextFree(last);
            }
        });
    }

    /** First place at or behind {@code offset} that is not as {@code uninteresting} pages and words with bits {@code skip} are. */
    private long next(long offset, long[] uninteresting, long skip) {
        if (offset >= sizeBytes) {
            return sizeBytes;
        }
        long unit = offset >>> unitShift;
        int page = (int) (unit / UsedMapBuilder.PAGE_UNITS);
        int word = (int) (unit % UsedMapBuilder.PAGE_UNITS / Long.SIZE);
        long mask = -1L << unit;
        for (; page < pages.length; page++, word = 0, mask = -1L) {
            if (pages[page] == uninteresting) {
                continue;
            }
            for (; word < UsedMapBuilder.PAGE_WORDS; word++, mask = -1L) {
                long hits = (pages[page][word] ^ skip) & mask;
                if (hits != 0) {
                    long found = unitOf(page, word) + Long.numberOfTrailingZeros(hits);
                    return Math.min(Math.max(found << unitShift, offset), sizeBytes);
                }
            }
        }
        return sizeBytes;
    }

    private long countUsed() {
        long units = 0;
        for (long[] page : pages) {
            if (page == UsedMapBuilder.USED_PAGE) {
                units += UsedMapBuilder.PAGE_UNITS;
            } else if (page != UsedMapBuilder.FREE_PAGE) {
                for (long word : page) {
                    units += Long.bitCount(word);
                }
            }
        }
        // The last unit may reach over the end of the volume; the builder uses no unit that lies wholly behind it.
        boolean isLastByteUsed = sizeBytes > 0 && nextUsed(sizeBytes - 1) < sizeBytes;
        return (units << unitShift) - (isLastByteUsed ? -sizeBytes & unitBytes() - 1 : 0);
    }

    private static long unitOf(int page, int word) {
        return (long) page * UsedMapBuilder.PAGE_UNITS + (long) word * Long.SIZE;
    }
}
