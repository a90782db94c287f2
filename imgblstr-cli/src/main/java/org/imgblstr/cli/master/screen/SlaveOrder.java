package org.imgblstr.cli.master.screen;

import java.util.Comparator;
import java.util.List;

/** Worst first: who has gone, who is silent, who is furthest behind; complete slaves last. Rows of like progress keep their places. */
final class SlaveOrder {
    private static final Comparator<SlaveRow> WORST_FIRST = Comparator.comparingInt(SlaveRow::rank)
            .thenComparingInt(SlaveRow::percent)
            .thenComparingInt(row -> row.slave().who().slave());

    private SlaveOrder() {}

    static List<SlaveRow> worstFirst(List<SlaveRow> rows) {
        return rows.stream().sorted(WORST_FIRST).toList();
    }
}
