package org.imgblstr.cli.common.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of cells as lines for a person: each column as wide as its widest cell, two spaces between columns. Used once. */
public final class TextTable {
    private final List<String> titles;
    private final List<Boolean> isNumber = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private String optionalTitle = "";

    /** {@code titles}: one a column; a title that begins with {@code >} is that of a column of numbers, which stand to the right. */
    public TextTable(String... titles) {
        List<String> plain = new ArrayList<>();
        for (String title : titles) {
            isNumber.add(title.startsWith(">"));
            plain.add(title.startsWith(">") ? title.substring(1) : title);
        }
        this.titles = plain;
    }

    /** Leaves the column of this title out when none of its cells says anything. Returns this table. */
    public TextTable optional(String title) {
        optionalTitle = title;
        return this;
    }

    /** {@code cells}: one a column. */
    public void row(String... cells) {
        if (cells.length != titles.size()) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + titles.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /** The titles and the rows; no lines without rows. */
    public List<String> lines() {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<List<String>> all = new ArrayList<>(List.of(titles));
        all.addAll(rows);
        int[] widths = IntStream.range(0, titles.size())
                .map(column -> all.stream()
                        .mapToInt(row -> length(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        int[] shown = IntStream.range(0, titles.size()).filter(this::isShown).toArray();
        return all.stream().map(row -> line(row, shown, widths)).toList();
    }

    private boolean isShown(int column) {
        return !titles.get(column).equals(optionalTitle)
                || rows.stream().anyMatch(row -> !row.get(column).isBlank());
    }

    private String line(List<String> row, int[] shown, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column : shown) {
            String cell = row.get(column);
            String gap = " ".repeat(widths[column] - length(cell));
            line.append("  ").append(isNumber.get(column) ? gap + cell : cell + gap);
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
