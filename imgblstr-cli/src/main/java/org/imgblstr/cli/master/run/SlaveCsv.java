package org.imgblstr.cli.master.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.report.EventWriter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.disk.text.Decimals;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;

/**
 * A row for each slave of a run, for spreadsheets: who is not complete, who was refused and who is missing come first. Source: RFC 4180. A text that
 * a spreadsheet would take for a formula begins with an apostrophe, because slaves choose their labels themselves.
 */
final class SlaveCsv {
    private static final List<String> TITLES = List.of(
            "label",
            "address",
            "mac",
            "path",
            "model",
            "serial",
            "bytes",
            "result",
            "seconds",
            "loss",
            "dropped",
            "repaired",
            "diskRate",
            "reason");

    private static final String LINE_END = "\r\n";

    /** The last four are the wide forms of the first four. */
    private static final String FORMULA_STARTS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private SlaveCsv() {}

    static String of(Summary summary) {
        List<List<String>> rows = new ArrayList<>(List.of(TITLES));
        List<SlaveResult> slaves = summary.slaves().stream()
                .sorted(Comparator.comparing(RunResult::isComplete)
                        .thenComparingInt(slave -> slave.who().slave()))
                .toList();
        slaves.stream().filter(slave -> !RunResult.isComplete(slave)).forEach(slave -> rows.add(row(slave)));
        summary.refused().forEach(slave -> rows.add(row(slave)));
        summary.missing().forEach(name -> rows.add(missing(name)));
        slaves.stream().filter(RunResult::isComplete).forEach(slave -> rows.add(row(slave)));
        return rows.stream().map(row -> String.join(",", row) + LINE_END).collect(Collectors.joining());
    }

    private static List<String> row(SlaveResult slave) {
        SlaveCounters counters = slave.counters();
        List<String> row = start(slave.who(), EventWriter.word(slave.result()));
        row.add(Decimals.of(slave.seconds(), 3));
        row.add(Decimals.of(counters.lossRate(), 6));
        row.add(String.valueOf(counters.droppedDatagrams()));
        row.add(String.valueOf(counters.repairedTracks()));
        row.add(counters.diskRate() == 0 ? "" : String.valueOf(counters.diskRate()));
        boolean isUnread = RunResult.isComplete(slave) && !counters.isReadBack();
        row.add(isUnread ? "not read back" : text(slave.message()));
        return row;
    }

    private static List<String> row(RefusedSlave slave) {
        return withoutNumbers(slave.who(), "refused", slave.reason());
    }

    private static List<String> missing(String name) {
        return withoutNumbers(new SlaveName(0, name, ""), "missing", "nothing was heard of it");
    }

    private static List<String> withoutNumbers(SlaveName who, String result, String reason) {
        List<String> row = start(who, result);
        while (row.size() < TITLES.size() - 1) {
            row.add("");
        }
        row.add(text(reason));
        return row;
    }

    private static List<String> start(SlaveName who, String result) {
        long bytes = who.machine().bytes();
        return new ArrayList<>(List.of(
                text(who.label()),
                text(who.address()),
                text(who.machine().mac()),
                text(who.machine().path()),
                text(who.machine().model()),
                text(who.machine().serial()),
                bytes == 0 ? "" : String.valueOf(bytes),
                result));
    }

    private static String text(String value) {
        String harmless = !value.isEmpty() && FORMULA_STARTS.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        boolean isQuoted = harmless.chars().anyMatch(each -> ",\"\r\n".indexOf(each) >= 0);
        return isQuoted ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
    }
}
