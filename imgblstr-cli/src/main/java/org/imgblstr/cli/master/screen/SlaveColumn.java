package org.imgblstr.cli.master.screen;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.text.Decimals;
import org.imgblstr.protocol.contract.SlaveCounters;

/**
 * A column of the table of slaves; a narrow screen has only those that matter most.
 *
 * @param title its heading
 * @param columns how wide it is
 * @param isNumber whether it stands to the right
 * @param priority 1 for the one that every screen has
 * @param text what it says of a slave
 */
record SlaveColumn(String title, int columns, boolean isNumber, int priority, Function<SlaveRow, String> text) {
    private static final int BAR_COLUMNS = 6;

    private static final List<SlaveColumn> FIXED = List.of(
            words("slave", 12, 1, row -> row.slave().who().label()),
            words("address", 15, 8, row -> row.slave().who().address()),
            words("state", 9, 2, row -> row.slave().state()),
            words("", BAR_COLUMNS, 7, row -> bar(row.percent(), BAR_COLUMNS)),
            number("%", 4, 3, row -> row.percent() + "%"),
            number("left", 7, 5, row -> left(row.pace().etaSeconds())),
            number("lost", 6, 6, row -> lost(row.slave().lossRate())),
            number("rate", 8, 9, row -> rate(row.pace().rate())),
            number("disk", 8, 10, row -> rate((double) row.slave().diskRate())),
            number("repaired", 8, 12, row -> count(row, SlaveCounters::repairedTracks)),
            number("dropped", 8, 13, row -> count(row, SlaveCounters::droppedDatagrams)),
            number("size", 9, 14, row -> size(row.slave().who().machine().bytes())),
            words("target", 24, 11, row -> row.slave().who().machine().disk()));

    /** From left to right. {@code largest}: number of a slave. */
    static List<SlaveColumn> all(int largest) {
        return Stream.concat(Stream.of(index(largest)), FIXED.stream()).toList();
    }

    private static SlaveColumn index(int largest) {
        int columns = Math.max(3, String.valueOf(largest).length());
        return number("#", columns, 4, row -> String.valueOf(row.slave().who().slave()));
    }

    private static SlaveColumn number(String title, int columns, int priority, Function<SlaveRow, String> text) {
        return new SlaveColumn(title, columns, true, priority, text);
    }

    private static SlaveColumn words(String title, int columns, int priority, Function<SlaveRow, String> text) {
        return new SlaveColumn(title, columns, false, priority, text);
    }

    /** {@code ####------}: so many of a hundred. */
    static String bar(int percent, int columns) {
        int full = percent * columns / 100;
        return "#".repeat(full) + "-".repeat(columns - full);
    }

    /** {@code 5.20 %}, {@code 50.2 %}: a share of 0 to 1 in six columns; what is not nothing is not shown as nothing. */
    static String lost(double share) {
        if (share > 0 && share < 0.0001) {
            return "<0.01%";
        }
        int digits = share < 0.09995 ? 2 : share < 0.9995 ? 1 : 0;
        return Decimals.of(100 * share, digits) + " %";
    }

    private static String left(long seconds) {
        return seconds <= 0 ? "" : Units.seconds(seconds);
    }

    private static String rate(double rate) {
        return rate < 1 ? "" : Units.bytesPerSecond(rate);
    }

    private static String count(SlaveRow row, ToLongFunction<SlaveCounters> what) {
        long count = what.applyAsLong(row.slave().counters());
        return count == 0 ? "" : String.valueOf(count);
    }

    private static String size(long bytes) {
        return bytes == 0 ? "" : Units.bytes(bytes);
    }
}
