package org.imgblstr.cli.common.report;

import java.util.List;
import org.imgblstr.disk.geometry.UnreadableSectors;

/**
 * What of the source could not be read.
 *
 * @param sectors how many sectors
 * @param bytes bytes of them
 * @param ranges where the first ones are on the source disk, at most {@link #MOST_RANGES}
 * @param hasMore whether there are others
 */
public record Unreadable(long sectors, long bytes, List<UnreadableSectors.Range> ranges, boolean hasMore) {
    /** Everything was read. */
    public static final Unreadable NOTHING = new Unreadable(0, 0, List.of(), false);

    /** Ranges that an event names. */
    public static final int MOST_RANGES = 100;

    /** Ranges that a line for a person names. */
    private static final int MOST_SHOWN = 5;

    public Unreadable {
        ranges = List.copyOf(ranges);
    }

    /** What was collected. */
    public static Unreadable of(UnreadableSectors collected) {
        List<UnreadableSectors.Range> all = collected.ranges();
        int count = Math.min(MOST_RANGES, all.size());
        return new Unreadable(
                collected.sectors(), collected.bytes(), all.subList(0, count), collected.isCut() || all.size() > count);
    }

    /** What an image lacks: {@code sectors} in all, of which {@code collected} may be the first. */
    public static Unreadable of(UnreadableSectors collected, long sectors, int sectorBytes) {
        Unreadable first = of(collected);
        boolean hasMore = first.hasMore() || sectors > collected.sectors();
        return new Unreadable(sectors, sectors * sectorBytes, first.ranges(), hasMore);
    }

    public boolean isNothing() {
        return sectors == 0;
    }

    /** For a person: {@code 3 sectors (1.5 KiB): LBA 5, LBA 9 to 10}. */
    public String text() {
        StringBuilder text = new StringBuilder(Units.count(sectors, "sector"))
                .append(" (")
                .append(Units.bytes(bytes))
                .append(')');
        int shown = Math.min(MOST_SHOWN, ranges.size());
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? ": " : ", ").append(ranges.get(i));
        }
        if (hasMore) {
            text.append(" and many more places");
        } else if (ranges.size() > shown) {
            text.append(" and ").append(Units.count(ranges.size() - shown, "more place"));
        }
        return text.toString();
    }
}
