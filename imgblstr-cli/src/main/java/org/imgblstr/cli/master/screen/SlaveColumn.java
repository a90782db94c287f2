package org.imgblstr.cli.master.screen;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.imgblstr.cli.common.report.Units;
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
    private static final int BAR_COLUMNS = 10;

    /** From left to right. */
    static final List<SlaveColumn> ALL = List.of(
            number("#", 4, 11, row -> String.valueOf(row.slave().who().slave())),
            words("slave", 12, 1, row -> row.slave().who().label()),
            words("address", 15, 7, row -> row.slave().who().address()),
            words("state", 9, 2, row -> row.slave().state()),
            words("", BAR_COLUMNS, 6, row -> bar(row.percent(), BAR_COLUMNS)),
            number("%", 4, 3, row -> row.percent() + "%"),
            number("left", 7, 4, row -> row.etaSeconds() <= 0 ? "" : Units.seconds(row.etaSeconds())),
            number("lost", 6, 5, row -> Units.percent(row.slave().lossRate())),
            number("rate", 8, 8, row -> rate(row.rate())),
            number("disk", 8, 9, row -> rate((double) row.slave().diskRate())),
            number("repaired", 8, 12, row -> count(row, SlaveCounters::repairedTracks)),
            number("dropped", 8, 13, row -> count(row, SlaveCounters::droppedDatagrams)),
            number("size", 9, 14, row -> size(row.slave().who().machine().bytes())),
            words("target", 24, 10, row -> row.slave().who().machine().disk()));

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
