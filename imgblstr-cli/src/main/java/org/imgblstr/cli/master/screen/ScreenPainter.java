package org.imgblstr.cli.master.screen;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.terminal.Columns;
import org.imgblstr.cli.common.terminal.ScreenLine;
import org.imgblstr.cli.common.terminal.Style;

/** Makes the lines of a screen of any size; one that is smaller than 30 columns and 5 lines shows only the phase. */
final class ScreenPainter {
    private static final int LEAST_WIDTH = 30;
    private static final int LEAST_HEIGHT = 5;

    private static final String KEYS_WAITING = "Enter start";
    private static final List<String> KEYS =
            List.of("q quit", "k kick", "p pause", "r rate", "a absent", "R report", "arrows scroll");

    private final ScreenView view;
    private final int width;
    private final int height;

    private ScreenPainter(ScreenView view, int width, int height) {
        this.view = view;
        // Some terminals scroll when their last column is written on the last line.
        this.width = width - 1;
        this.height = height;
    }

    /** At most {@code height} lines of at most {@code width} columns. */
    static List<ScreenLine> paint(ScreenView view, int width, int height) {
        if (width < LEAST_WIDTH || height < LEAST_HEIGHT) {
            String phase = view.head().phaseText();
            return List.of(ScreenLine.plain(Columns.cut(phase, width - 1)));
        }
        return new ScreenPainter(view, width, height).lines();
    }

    /** Rows of the table that a screen of this height has. */
    static int tableRows(int height) {
        return Math.max(1, height - headLines(height) - 1 - eventLines(height) - 1);
    }

    private static int headLines(int height) {
        return height < 10 ? 2 : 3;
    }

    private static int eventLines(int height) {
        if (height < 10) {
            return 0;
        }
        return height < 20 ? 2 : Math.min(8, height / 6);
    }

    private List<ScreenLine> lines() {
        List<ScreenLine> lines = new ArrayList<>(head());
        lines.addAll(view.foot().showsAbsent() ? absent() : table());
        while (lines.size() < height - 1 - eventLines(height)) {
            lines.add(ScreenLine.EMPTY);
        }
        lines.addAll(events());
        while (lines.size() < height - 1) {
            lines.add(ScreenLine.EMPTY);
        }
        lines.add(foot());
        return lines.subList(Math.max(0, lines.size() - height), lines.size());
    }

    private List<ScreenLine> head() {
        SessionHead head = view.head();
        List<ScreenLine> lines = new ArrayList<>();
        if (headLines(height) > 2) {
            lines.add(both(head.title(), Units.seconds(head.secondsElapsed()), Style.BOLD));
        }
        lines.add(phase(head));
        List<String> first =
                new ArrayList<>(head.limit().isEmpty() ? List.of() : List.of("limited by " + head.limit()));
        first.addAll(place());
        lines.add(ScreenLine.plain(joined(first, counts())));
        return lines;
    }

    private ScreenLine phase(SessionHead head) {
        if (head.isWaiting()) {
            return ScreenLine.of(Columns.cut(head.phaseText(), width), Style.BOLD);
        }
        String text = head.phaseText() + " " + head.amounts().percent() + "%";
        String facts = joined(List.of(text), head.facts());
        int room = width - Columns.of(facts) - 3;
        String bar = room < 10 ? "" : " [" + SlaveColumn.bar(head.amounts().percent(), Math.min(30, room)) + "]";
        return ScreenLine.of(facts + bar, Style.BOLD);
    }

    /** How many slaves are in which state. */
    private List<String> counts() {
        List<String> counts = new ArrayList<>();
        for (String state : List.of("complete", "verifying", "receiving", "joined", "silent", "gone")) {
            long count = view.slaves().stream()
                    .filter(row -> row.slave().state().equals(state))
                    .count();
            if (count > 0) {
                counts.add(count + " " + state);
            }
        }
        if (!view.absent().isEmpty()) {
            counts.add(view.absent().size() + " absent");
        }
        return counts;
    }

    /** As many of the parts as fit, two blanks between them. */
    private String joined(List<String> first, List<String> others) {
        StringBuilder text = new StringBuilder();
        List<String> all = new ArrayList<>(first);
        all.addAll(others);
        for (String part : all) {
            int gap = text.isEmpty() ? 0 : 2;
            if (Columns.of(text.toString()) + gap + Columns.of(part) <= width) {
                text.append(" ".repeat(gap)).append(part);
            } else if (text.isEmpty()) {
                text.append(Columns.cut(part, width));
            }
        }
        return text.toString();
    }

    /** One text at the left, one at the right. */
    private ScreenLine both(String left, String right, Style style) {
        int room = width - Columns.of(right) - 1;
        return ScreenLine.of(room < 8 ? Columns.cut(left, width) : Columns.left(left, room) + " " + right, style);
    }

    private List<ScreenLine> table() {
        List<SlaveColumn> columns = columns();
        List<ScreenLine> lines = new ArrayList<>();
        lines.add(ScreenLine.of(Columns.left(row(columns, SlaveColumn::title), width), Style.INVERSE));
        view.slaves().subList(firstRow(), endRow()).forEach(row -> lines.add(row(columns, row)));
        return lines;
    }

    private int firstRow() {
        return Math.max(0, Math.min(view.foot().firstRow(), view.slaves().size() - tableRows(height)));
    }

    private int endRow() {
        return Math.min(view.slaves().size(), firstRow() + tableRows(height));
    }

    /** {@code rows 1-15 of 30}; none when all are shown. */
    private List<String> place() {
        int all = view.slaves().size();
        boolean isPart = endRow() - firstRow() < all && !view.foot().showsAbsent();
        return isPart ? List.of("rows " + (firstRow() + 1) + "-" + endRow() + " of " + all) : List.of();
    }

    private ScreenLine row(List<SlaveColumn> columns, SlaveRow row) {
        return ScreenLine.of(row(columns, column -> column.text().apply(row)), row.style());
    }

    private String row(List<SlaveColumn> columns, Function<SlaveColumn, String> text) {
        StringBuilder line = new StringBuilder();
        for (SlaveColumn column : columns) {
            String cell = text.apply(column);
            line.append(line.isEmpty() ? "" : " ");
            boolean isLast = column.equals(columns.get(columns.size() - 1));
            int room = isLast && !column.isNumber() ? width - Columns.of(line.toString()) : column.columns();
            line.append(column.isNumber() ? Columns.right(cell, room) : Columns.left(cell, room));
        }
        return Columns.cut(line.toString(), width);
    }

    /** Those that fit, by their priority; in the order of the table. */
    private List<SlaveColumn> columns() {
        List<SlaveColumn> chosen = new ArrayList<>();
        int used = 0;
        List<SlaveColumn> byPriority = SlaveColumn.ALL.stream()
                .sorted(Comparator.comparingInt(SlaveColumn::priority))
                .toList();
        for (SlaveColumn column : byPriority) {
            int more = column.columns() + (chosen.isEmpty() ? 0 : 1);
            if (used + more <= width) {
                chosen.add(column);
                used += more;
            }
        }
        return SlaveColumn.ALL.stream().filter(chosen::contains).toList();
    }

    private List<ScreenLine> absent() {
        List<ScreenLine> lines = new ArrayList<>();
        lines.add(both("absent: refused or missing", "a shows the slaves", Style.INVERSE));
        if (view.absent().isEmpty()) {
            lines.add(ScreenLine.plain("nobody"));
        }
        view.absent().stream()
                .skip(Math.max(0, Math.min(view.foot().firstRow(), view.absent().size() - tableRows(height))))
                .limit(tableRows(height))
                .forEach(text -> lines.add(ScreenLine.of(Columns.cut(text, width), Style.RED)));
        return lines;
    }

    private List<ScreenLine> events() {
        int count = eventLines(height);
        List<String> events = view.events();
        return events.subList(Math.max(0, events.size() - count), events.size()).stream()
                .map(text -> ScreenLine.of(
                        Columns.cut(text, width), text.startsWith("warning") ? Style.YELLOW : Style.FAINT))
                .toList();
    }

    private ScreenLine foot() {
        if (!view.foot().question().isEmpty()) {
            String question = view.foot().question();
            // What is typed stands at its end, and must be seen.
            int over = Columns.of(question) - width;
            return ScreenLine.of(
                    over <= 0 ? question : question.substring(Math.min(over, question.length())), Style.BOLD);
        }
        boolean isWaiting = view.head().isWaiting();
        return ScreenLine.of(joined(isWaiting ? List.of(KEYS_WAITING) : List.of(), KEYS), Style.FAINT);
    }
}
