package org.imgblstr.cli.master.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.TextTable;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.terminal.Columns;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveResult;

/** The last table of a run: a row for each slave, those that are not complete first. */
final class ResultTable {
    /** Complete slaves that get a row; a room of a thousand would hide the others. */
    static final int COMPLETE_ROWS = 40;

    private static final List<Column> COLUMNS = List.of(
            new Column("slave", true, slave -> String.valueOf(slave.who().slave())),
            new Column("label", false, slave -> slave.who().label()),
            new Column("address", false, slave -> slave.who().address()),
            new Column("result", false, Reporter::word),
            new Column("written", true, slave -> Units.bytes(slave.bytesWritten())),
            new Column("time", true, slave -> Units.seconds(Math.round(slave.seconds()))),
            new Column("lost", true, slave -> Units.percent(slave.counters().lossRate())),
            new Column("dropped", true, slave -> String.valueOf(slave.counters().droppedDatagrams())),
            new Column(
                    "repaired", true, slave -> String.valueOf(slave.counters().repairedTracks())),
            new Column("disk", true, slave -> diskRate(slave.counters())),
            new Column("target", false, slave -> target(slave.who().machine())),
            new Column("", false, SlaveResult::message));

    /** What a terminal gets that is too narrow for all columns; the reason stands below its row. */
    private static final Set<String> NARROW = Set.of("slave", "label", "result", "written", "time");

    private static final String REASON_INDENT = " ".repeat(9);

    /** Characters of a target at most. */
    private static final int MOST_TARGET = 44;

    private ResultTable() {}

    /** {@code isNumber}: stands to the right. */
    private record Column(String title, boolean isNumber, Function<SlaveResult, String> text) {
        /** Whether it has anything to say. */
        boolean isAnyKnown(List<SlaveResult> rows) {
            return rows.stream().anyMatch(row -> !text.apply(row).isEmpty());
        }

        /** As {@link TextTable} wants it. */
        String heading() {
            return (isNumber ? ">" : "") + title;
        }
    }

    /**
     * The lines of the table; none without slaves.
     *
     * @param width columns of the terminal that shows them; 0 when there is none, and nothing is left out
     */
    static List<String> lines(List<SlaveResult> slaves, int width) {
        if (slaves.isEmpty()) {
            return List.of();
        }
        long bad = slaves.stream().filter(slave -> !RunResult.isComplete(slave)).count();
        List<SlaveResult> rows = slaves.stream()
                .sorted(Comparator.comparing(RunResult::isComplete)
                        .thenComparingInt(slave -> slave.who().slave()))
                .limit(bad + COMPLETE_ROWS)
                .toList();
        List<String> lines = new ArrayList<>(fitting(rows, width));
        if (rows.size() < slaves.size()) {
            lines.add("  and " + (slaves.size() - rows.size()) + " more that are complete");
        }
        return lines;
    }

    private static List<String> fitting(List<SlaveResult> rows, int width) {
        List<String> lines = aligned(rows, COLUMNS);
        return width == 0 || lines.stream().allMatch(line -> Columns.of(line) <= width) ? lines : narrow(rows, width);
    }

    private static List<String> narrow(List<SlaveResult> rows, int width) {
        List<Column> columns = COLUMNS.stream()
                .filter(column -> NARROW.contains(column.title()))
                .toList();
        List<String> table = aligned(rows, columns);
        List<String> lines = new ArrayList<>(table.subList(0, 1));
        for (int row = 0; row < rows.size(); row++) {
            lines.add(table.get(row + 1));
            String reason = rows.get(row).message();
            if (!reason.isEmpty()) {
                lines.addAll(Columns.wrap(REASON_INDENT + reason, width, REASON_INDENT));
            }
        }
        return lines;
    }

    private static List<String> aligned(List<SlaveResult> rows, List<Column> all) {
        List<Column> columns =
                all.stream().filter(column -> column.isAnyKnown(rows)).toList();
        TextTable table = new TextTable(columns.stream().map(Column::heading).toArray(String[]::new));
        rows.forEach(row -> table.row(
                columns.stream().map(column -> column.text().apply(row)).toArray(String[]::new)));
        return table.lines();
    }

    private static String target(SlaveMachine machine) {
        String disk = machine.disk();
        return disk.length() <= MOST_TARGET ? disk : disk.substring(0, MOST_TARGET - 3) + "...";
    }

    private static String diskRate(SlaveCounters counters) {
        return counters.diskRate() == 0 ? "" : Units.bytesPerSecond((double) counters.diskRate());
    }
}
