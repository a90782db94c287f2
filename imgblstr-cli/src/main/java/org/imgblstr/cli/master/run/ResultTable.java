package org.imgblstr.cli.master.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveResult;

/** The last table of a run: a row for each slave, those that are not complete first. */
final class ResultTable {
    /** Complete slaves that get a row; a room of a thousand would hide the others. */
    static final int COMPLETE_ROWS = 40;

    private static final List<String> HEAD = List.of(
            "slave", "label", "address", "result", "written", "time", "lost", "dropped", "repaired", "disk", "");

    /** Columns of numbers stand to the right. */
    private static final String NUMBERS = "slave written time lost dropped repaired disk";

    private ResultTable() {}

    /** The lines of the table; none without slaves. */
    static List<String> lines(List<SlaveResult> slaves) {
        if (slaves.isEmpty()) {
            return List.of();
        }
        List<SlaveResult> worstFirst = slaves.stream()
                .sorted(Comparator.comparing(RunResult::isComplete)
                        .thenComparingInt(slave -> slave.who().slave()))
                .toList();
        long bad = slaves.stream().filter(slave -> !RunResult.isComplete(slave)).count();
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        worstFirst.stream().limit(bad + COMPLETE_ROWS).map(ResultTable::row).forEach(rows::add);
        List<String> lines = new ArrayList<>(aligned(rows));
        long left = slaves.size() - bad - COMPLETE_ROWS;
        if (left > 0) {
            lines.add("  and " + left + " more that are complete");
        }
        return lines;
    }

    private static List<String> row(SlaveResult slave) {
        SlaveCounters counters = slave.counters();
        return List.of(
                String.valueOf(slave.who().slave()),
                slave.who().label(),
                slave.who().address(),
                Reporter.word(slave.result()),
                Units.bytes(slave.bytesWritten()),
                Units.seconds(Math.round(slave.seconds())),
                Units.percent(counters.lossRate()),
                String.valueOf(counters.droppedDatagrams()),
                String.valueOf(counters.repairedTracks()),
                counters.diskRate() == 0 ? "" : Units.bytesPerSecond((double) counters.diskRate()),
                slave.message());
    }

    private static List<String> aligned(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < HEAD.size(); column++) {
                line.append("  ").append(cell(row.get(column), column, width(rows, column)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String cell(String text, int column, int width) {
        boolean isNumber = !HEAD.get(column).isEmpty() && NUMBERS.contains(HEAD.get(column));
        return width == 0 ? "" : String.format(Locale.ROOT, isNumber ? "%" + width + "s" : "%-" + width + "s", text);
    }
}
