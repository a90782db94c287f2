package org.imgblstr.disk.filesystem;

import java.util.Arrays;

/**
 * Builds a {@link UsedMap}; at first nothing is used. Ranges may come in any order and overlap: what is said last of a byte holds. Parts
 * outside the volume are ignored. For one thread.
 */
public final class UsedMapBuilder {
    /** Most bytes of mixed pages: 4096 pages, 2^28 units. */
    static final int MAX_BITMAP_BYTES = 32 << 20;

    static final int PAGE_UNITS = 1 << 16;
    static final int PAGE_WORDS = PAGE_UNITS / Long.SIZE;

    /** Shared by all pages without a used unit. Never written. */
    static final long[] FREE_PAGE = new long[PAGE_WORDS];

    /** Shared by all pages whose every unit is used. Never written. */
    static final long[] USED_PAGE = new long[PAGE_WORDS];

    private static final int MIN_UNIT_SHIFT = 9;
    private static final int PAGE_SHIFT = 16;

    /** Page references are bounded too: at most 2^22 of them, 16 MiB. */
    private static final int MAX_PAGES_SHIFT = 22;

    static {
        Arrays.fill(USED_PAGE, -1L);
    }

    private final long sizeBytes;
    private final int maxMixedPages;
    private int unitShift;
    private long[][] pages;
    private int mixedPages;

    /** What is used and not known to be zero; null as long as that is all that is used. */
    private UsedMapBuilder stored;

    /** {@code sizeBytes}: of the volume. */
    public UsedMapBuilder(long sizeBytes) {
        this(sizeBytes, MAX_BITMAP_BYTES / (PAGE_WORDS * Long.BYTES));
    }

    UsedMapBuilder(long sizeBytes, int maxMixedPages) {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("volume bytes: " + sizeBytes);
        }
        this.sizeBytes = sizeBytes;
        this.maxMixedPages = maxMixedPages;
        this.unitShift = MIN_UNIT_SHIFT;
        while (sizeBytes >>> (unitShift + PAGE_SHIFT) >= 1L << MAX_PAGES_SHIFT) {
            unitShift++;
        }
        this.pages = new long[(int) ceilShift(sizeBytes, unitShift + PAGE_SHIFT)][];
        Arrays.fill(pages, FREE_PAGE);
    }

    private UsedMapBuilder(UsedMapBuilder other) {
        sizeBytes = other.sizeBytes;
        maxMixedPages = other.maxMixedPages;
        unitShift = other.unitShift;
        pages = other.pages.clone();
        mixedPages = other.mixedPages;
        for (int page = 0; page < pages.length; page++) {
            pages[page] = isMixed(pages[page]) ? pages[page].clone() : pages[page];
        }
    }

    /** Marks bytes as used, rounded out to units. */
    public UsedMapBuilder use(long offset, long length) {
        if (stored != null) {
            stored.use(offset, length);
        }
        long end = clampedEnd(offset, length);
        long first = Math.max(offset, 0);
        if (first < end) {
            change(first >>> unitShift, ceilShift(end, unitShift), true);
            coarsenWhenFull();
        }
        return this;
    }

    /** Marks bytes as not used, rounded in to units, except that the end of the volume is the end of its last unit. */
    public UsedMapBuilder free(long offset, long length) {
        if (stored != null) {
            stored.free(offset, length);
        }
        long end = clampedEnd(offset, length);
        long firstUnit = ceilShift(Math.max(offset, 0), unitShift);
        long endUnit = end == sizeBytes ? ceilShift(end, unitShift) : end >>> unitShift;
        if (firstUnit < endUnit) {
            change(firstUnit, endUnit, false);
            coarsenWhenFull();
        }
        return this;
    }

    /** Marks bytes that are used as zero without reading them, rounded in to units. What is not used stays so. */
    public UsedMapBuilder zero(long offset, long length) {
        if (stored == null && length > 0) {
            stored = new UsedMapBuilder(this);
        }
        if (stored != null) {
            stored.free(offset, length);
        }
        return this;
    }

    /** Marks what {@code map} uses, with byte 0 of it at {@code offset}. */
    public UsedMapBuilder useAll(long offset, UsedMap map) {
        return useAll(offset, map, 0, map.sizeBytes());
    }

    /** Marks what {@code map} uses from {@code from} to {@code to}, exclusive, with byte {@code from} of it at {@code offset}. */
    public UsedMapBuilder useAll(long offset, UsedMap map, long from, long to) {
        map.forEachUsed(from, to, (first, end) -> use(offset + first - from, end - first));
        map.forEachZero(from, to, (first, end) -> zero(offset + first - from, end - first));
        return this;
    }

    /** The map. The builder must not be used afterwards. */
    public UsedMap build() {
        UsedMap read = stored == null ? null : stored.sharing(this).build();
        long[][] built = pages;
        pages = null;
        return new UsedMap(sizeBytes, unitShift, built, read);
    }

    /** Keeps pages that are as they are in {@code other} once. */
    private UsedMapBuilder sharing(UsedMapBuilder other) {
        for (int page = 0; unitShift == other.unitShift && page < pages.length; page++) {
            pages[page] = Arrays.equals(pages[page], other.pages[page]) ? other.pages[page] : pages[page];
        }
        return this;
    }

    private long clampedEnd(long offset, long length) {
        if (length <= 0 || offset >= sizeBytes) {
            return 0;
        }
        return length > sizeBytes - offset ? sizeBytes : offset + length;
    }

    private void change(long firstUnit, long endUnit, boolean used) {
        long unit = firstUnit;
        while (unit < endUnit) {
            int page = (int) (unit >>> PAGE_SHIFT);
            int from = (int) (unit & PAGE_UNITS - 1);
            int to = (int) Math.min(PAGE_UNITS, endUnit - unit + from);
            changePage(page, from, to, used);
            unit += to - from;
        }
    }

    private void changePage(int page, int from, int to, boolean used) {
        long[] whole = used ? USED_PAGE : FREE_PAGE;
        if (pages[page] == whole) {
            return;
        }
        boolean wasMixed = isMixed(pages[page]);
        if (from == 0 && to == PAGE_UNITS) {
            pages[page] = whole;
            mixedPages -= wasMixed ? 1 : 0;
            return;
        }
        if (!wasMixed) {
            pages[page] = pages[page].clone();
            mixedPages++;
        }
        changeBits(pages[page], from, to, used);
        if (Arrays.equals(pages[page], whole)) {
            pages[page] = whole;
            mixedPages--;
        }
    }

    private static void changeBits(long[] words, int from, int to, boolean used) {
        int lastWord = (to - 1) / Long.SIZE;
        for (int word = from / Long.SIZE; word <= lastWord; word++) {
            long mask = word == from / Long.SIZE ? -1L << from : -1L;
            mask &= word == lastWord ? -1L >>> -to : -1L;
            words[word] = used ? words[word] | mask : words[word] & ~mask;
        }
    }

    private void coarsenWhenFull() {
        while (mixedPages > maxMixedPages) {
            coarsen();
        }
    }

    /** Doubles the unit: a unit is used when either half of it was. */
    private void coarsen() {
        long[][] finer = pages;
        pages = new long[(finer.length + 1) / 2][];
        mixedPages = 0;
        for (int page = 0; page < pages.length; page++) {
            long[] low = finer[2 * page];
            long[] high = 2 * page + 1 < finer.length ? finer[2 * page + 1] : FREE_PAGE;
            pages[page] = low == high && !isMixed(low) ? low : joined(low, high);
            mixedPages += isMixed(pages[page]) ? 1 : 0;
            finer[2 * page] = null;
        }
        unitShift++;
    }

    private static long[] joined(long[] low, long[] high) {
        long[] words = new long[PAGE_WORDS];
        for (int word = 0; word < PAGE_WORDS; word++) {
            long[] from = word < PAGE_WORDS / 2 ? low : high;
            int at = 2 * word % PAGE_WORDS;
            words[word] = pairs(from[at]) | pairs(from[at + 1]) << 32;
        }
        return Arrays.equals(words, USED_PAGE) ? USED_PAGE : words;
    }

    /** Bit i of the result: bit 2i or bit 2i + 1 of {@code word}. */
    private static long pairs(long word) {
        long x = (word | word >>> 1) & 0x5555_5555_5555_5555L;
        x = (x | x >>> 1) & 0x3333_3333_3333_3333L;
        x = (x | x >>> 2) & 0x0F0F_0F0F_0F0F_0F0FL;
        x = (x | x >>> 4) & 0x00FF_00FF_00FF_00FFL;
        x = (x | x >>> 8) & 0x0000_FFFF_0000_FFFFL;
        return (x | x >>> 16) & 0xFFFF_FFFFL;
    }

    private static boolean isMixed(long[] page) {
        return page != FREE_PAGE && page != USED_PAGE;
    }

    private static long ceilShift(long value, int shift) {
        return (value >>> shift) + ((value & (1L << shift) - 1) == 0 ? 0 : 1);
    }
}
