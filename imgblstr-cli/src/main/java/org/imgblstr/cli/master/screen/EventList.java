package org.imgblstr.cli.master.screen;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The lines that were said while the screen was shown; the oldest go when there are too many. Safe for use by several threads. */
final class EventList {
    private static final int MOST = 1000;

    private final Deque<String> lines = new ArrayDeque<>();
    private int dropped;

    synchronized void add(String line) {
        lines.addLast(line);
        if (lines.size() > MOST) {
            lines.removeFirst();
            dropped++;
        }
    }

    /** The last ones, newest last. */
    synchronized List<String> last(int count) {
        List<String> all = new ArrayList<>(lines);
        return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
    }

    /** All of them, to be said again when the screen has gone. */
    synchronized List<String> all() {
        List<String> all = new ArrayList<>();
        if (dropped > 0) {
            all.add(dropped + " earlier lines are not shown again; --log keeps all");
        }
        all.addAll(lines);
        return all;
    }
}
