package org.imgblstr.cli.master.screen;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.terminal.Columns;
import org.imgblstr.cli.common.terminal.ScreenLine;
import org.imgblstr.cli.common.terminal.Style;
import org.imgblstr.disk.text.PlainText;

/** Makes the lines of a screen of any size; one that is smaller than 30 columns and 5 lines shows only the phase, or a question. */
final class ScreenPainter {
    private static final int LEAST_WIDTH = 30;
    private static final int LEAST_HEIGHT = 5;

    private final ScreenView view;
    private final int width;
    private final int height;
    private final List<String> question;

    private ScreenPainter(ScreenView view, int width, int height) {
        this.view = view;
        // Some terminals scroll when their last column is written on the last line.
        this.width = width - 1;
        this.height = height;
        this.question = question(view.foot(), width, height);
    }

    /** At most {@code height} lines of at most {@code width} columns. */
    static List<ScreenLine> paint(ScreenView view, int width, int height) {
        if (width < LEAST_WIDTH || height < LEAST_HEIGHT) {
            List<String> question = question(view.foot(), width, height);
            String line = question.isEmpty() ? view.head().phaseText(width - 1) : question.get(0);
            return List.of(ScreenLine.plain(Columns.cut(line, width - 1)));
        }
        return new ScreenPainter(view, width, height).lines();
    }

    /** Whether a screen of this size has room for the question. */
    static boolean shows(ScreenView.Foot foot, int width, int height) {
        return !question(foot, width, height).isEmpty();
    }

    /** The question in as many lines as it needs, in a few words where there is no room for all of it; none where it has none for those either. */
    private static List<String> question(ScreenView.Foot foot, int width, int height) {
        boolean isSmallest = width < LEAST_WIDTH || height < LEAST_HEIGHT;
        // The line of the phase stays.
        int most = isSmallest ? 1 : height - 1;
        return Stream.of(foot.question(), foot.brief())
                .filter(text -> !text.isEmpty() && width > 1 && height > 0)
                .map(text -> Columns.wrap(PlainText.of(text), width - 1, ""))
                .filter(lines -> lines.size() <= most)
                .findFirst()
                .orElse(List.of());
    }

    /** Rows of the page that the screen has room for. A question of several lines takes the place of what was said, then that of rows. */
    private int tableRows() {
        int below = Math.max(eventRows() + 1, Math.max(1, question.size()));
        return Math.max(1, height - headLines() - 1 - below);
    }

    /** Lines of the head, with those of the join code. */
    private int headLines() {
        return headLines(height) + codeRows();
    }

    /** Slaves wait for the code until the start; later it has what rows are free, for those that come late. The help has it in any case. */
    private int codeRows() {
        int lines = view.head().codeLines(width).size();
        boolean isHelp = view.foot().page() == ScreenView.Page.HELP;
        int others = view.head().isWaiting() ? 1 : rows() + eventLines(height);
        return !isHelp && headLines(height) + lines + 1 + others + 1 <= height ? lines : 0;
    }

    /** Rows that what was said has in any case. The help is seen whole before that. */
    private int eventRows() {
        boolean isHelp = view.foot().page() == ScreenView.Page.HELP;
        int free = height - headLines(height) - 1 - rows() - 1;
        return isHelp ? Math.max(0, Math.min(eventLines(height), free)) : eventLines(height);
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

    /**
     * Rows of the page that is shown.
     *
     * @param all some may be beyond the screen
     * @param shown that a screen of this size has room for
     */
    record Rows(int all, int shown) {}

    /** Rows of the page on a screen of this size, while nothing is asked. */
    static Rows rows(ScreenView view, int width, int height) {
        ScreenView.Foot foot =
                new ScreenView.Foot(view.foot().page(), view.foot().firstRow());
        ScreenView unasked = new ScreenView(view.head(), view.slaves(), view.absent(), view.events(), foot);
        ScreenPainter painter = new ScreenPainter(unasked, width, height);
        return new Rows(painter.rows(), painter.tableRows());
    }

    private List<ScreenLine> lines() {
        List<ScreenLine> foot = foot();
        List<ScreenLine> lines = new ArrayList<>(head());
        lines.addAll(view.foot().page() == ScreenView.Page.SLAVES ? table() : page());
        int least = Math.max(0, eventRows() + 1 - foot.size());
        List<ScreenLine> events = events(least, Math.max(least, height - lines.size() - foot.size()));
        int room = height - events.size() - foot.size();
        while (lines.size() < room) {
            lines.add(ScreenLine.EMPTY);
        }
        List<ScreenLine> all = new ArrayList<>(lines.subList(0, room));
        all.addAll(events);
        all.addAll(foot);
        return all;
    }

    private List<ScreenLine> head() {
        SessionHead head = view.head();
        List<ScreenLine> lines = new ArrayList<>();
        if (headLines(height) > 2) {
            lines.add(both(head.title(), clock(head), Style.BOLD));
        }
        lines.add(phase(head));
        if (codeRows() > 0) {
            head.codeLines(width).forEach(line -> lines.add(ScreenLine.of(line, Style.BOLD)));
        }
        lines.add(ScreenLine.plain(joined(limitAndPlace(head.limit()), counts())));
        return lines;
    }

    /** The more important first: that some rows are not shown, where there is no room for both. */
    private List<String> limitAndPlace(String limit) {
        List<String> both = new ArrayList<>(limit.isEmpty() ? List.of() : List.of("limited by " + limit));
        both.addAll(place());
        if (Columns.of(String.join("  ", both)) > width) {
            Collections.reverse(both);
        }
        return both;
    }

    private String clock(SessionHead head) {
        boolean hasRoom = Columns.of(head.title() + head.clock()) < width - 1;
        return hasRoom ? head.clock() : Units.seconds(head.secondsElapsed());
    }

    private ScreenLine phase(SessionHead head) {
        if (head.isWaiting()) {
            return ScreenLine.of(Columns.shorten(head.phaseText(width), width), Style.BOLD);
        }
        String text = head.phaseText(width) + " " + head.amounts().percent() + "%";
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
        // While slaves join, the line above says it.
        if (!view.head().isWaiting()) {
            counts.addAll(view.absent().counts());
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
        return ScreenLine.of(
                room < 8 ? Columns.shorten(left, width) : Columns.left(Columns.shorten(left, room), room) + " " + right,
                style);
    }

    private List<ScreenLine> table() {
        List<SlaveColumn> columns = columns();
        List<ScreenLine> lines = new ArrayList<>();
        lines.add(ScreenLine.of(Columns.left(row(columns, SlaveColumn::title), width), Style.INVERSE));
        view.slaves().subList(firstRow(), endRow()).forEach(row -> lines.add(row(columns, row)));
        return lines;
    }

    private int rows() {
        return view.foot().page() == ScreenView.Page.SLAVES ? view.slaves().size() : texts().size();
    }

    private int firstRow() {
        return Math.max(0, Math.min(view.foot().firstRow(), rows() - tableRows()));
    }

    private int endRow() {
        return Math.min(rows(), firstRow() + tableRows());
    }

    /** {@code rows 1-15 of 30}; none when all are shown. */
    private List<String> place() {
        int all = rows();
        return endRow() - firstRow() < all
                ? List.of("rows " + (firstRow() + 1) + "-" + endRow() + " of " + all)
                : List.of();
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
        int largest = view.slaves().stream()
                .mapToInt(row -> row.slave().who().slave())
                .max()
                .orElse(0);
        List<SlaveColumn> all = SlaveColumn.all(largest);
        List<SlaveColumn> chosen = new ArrayList<>();
        int used = 0;
        List<SlaveColumn> byPriority = all.stream()
                .sorted(Comparator.comparingInt(SlaveColumn::priority))
                .toList();
        for (SlaveColumn column : byPriority) {
            int more = column.columns() + (chosen.isEmpty() ? 0 : 1);
            if (used + more <= width) {
                chosen.add(column);
                used += more;
            }
        }
        return all.stream().filter(chosen::contains).toList();
    }

    private List<ScreenLine> page() {
        boolean isHelp = view.foot().page() == ScreenView.Page.HELP;
        List<ScreenLine> lines = new ArrayList<>();
        lines.add(both(
                isHelp ? "what the keys do" : "absent: refused or missing",
                isHelp ? "? shows the slaves" : "a shows the slaves",
                Style.INVERSE));
        Style style = isHelp || view.absent().lines().isEmpty() ? Style.PLAIN : Style.RED;
        texts().subList(firstRow(), endRow()).forEach(text -> lines.add(ScreenLine.of(text, style)));
        return lines;
    }

    /** The lines of a page that is not the table. All of each text: the remedy often stands at its end. */
    private List<String> texts() {
        if (view.foot().page() == ScreenView.Page.HELP) {
            List<String> lines = new ArrayList<>(view.head().codeLines(width));
            lines.addAll(wrapped(KeyLine.HELP, " ".repeat(8)));
            return lines;
        }
        List<String> absent = view.absent().lines();
        return absent.isEmpty() ? List.of("nobody") : wrapped(absent, "  ");
    }

    private List<String> wrapped(List<String> texts, String indent) {
        return texts.stream()
                .flatMap(text -> Columns.wrap(PlainText.of(text), width, indent).stream())
                .toList();
    }

    /**
     * What was said last, a line each, and all of a longer one where rows are free, the newest first. A sign stands where the rest has no room.
     *
     * @param least rows that they have in any case
     * @param most rows that they may have
     */
    private List<ScreenLine> events(int least, int most) {
        List<String> all = view.events();
        List<String> said = all.subList(Math.max(0, all.size() - least), all.size());
        List<ScreenLine> lines = new ArrayList<>();
        int free = most - said.size();
        for (int i = said.size() - 1; i >= 0; i--) {
            String text = PlainText.of(said.get(i));
            List<String> wrapped = Columns.wrap(text, width, "  ", 1 + free);
            free -= wrapped.size() - 1;
            Style style = text.startsWith("warning") ? Style.YELLOW : Style.FAINT;
            lines.addAll(
                    0, wrapped.stream().map(line -> ScreenLine.of(line, style)).toList());
        }
        while (lines.size() < least) {
            lines.add(ScreenLine.EMPTY);
        }
        return lines;
    }

    private List<ScreenLine> foot() {
        if (question.isEmpty()) {
            return List.of(ScreenLine.of(joined(KeyLine.of(view.head().phase()), List.of()), Style.FAINT));
        }
        return question.stream().map(line -> ScreenLine.of(line, Style.BOLD)).toList();
    }
}
