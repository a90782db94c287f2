package org.imgblstr.cli.master.screen;

import java.util.ArrayList;
import java.util.List;

/**
 * What the screen shows, at one moment.
 *
 * @param head the session
 * @param slaves worst first
 * @param absent who cannot take part or is missing
 * @param events what was said lately, newest last
 * @param foot what the operator does with it
 */
record ScreenView(SessionHead head, List<SlaveRow> slaves, Absent absent, List<String> events, Foot foot) {
    ScreenView {
        slaves = List.copyOf(slaves);
        events = List.copyOf(events);
    }

    /**
     * Who does not take part.
     *
     * @param refused how many cannot take part
     * @param missing how many of the list are not there
     * @param lines a line each
     */
    record Absent(int refused, int missing, List<String> lines) {
        Absent {
            lines = List.copyOf(lines);
        }

        /** {@code 1 refused}, {@code 2 missing}. */
        List<String> counts() {
            List<String> counts = new ArrayList<>();
            if (refused > 0) {
                counts.add(refused + " refused");
            }
            if (missing > 0) {
                counts.add(missing + " missing");
            }
            return counts;
        }
    }

    /**
     * What the operator does with the screen.
     *
     * @param question that waits for an answer, with what was typed so far; "" for none
     * @param brief the same in a few words, for a screen that has no room for all of it
     * @param page what stands between the head and the last lines
     * @param firstRow first row of the page that is shown, from 0; the painter bounds it
     */
    record Foot(String question, String brief, Page page, int firstRow) {
        /** Nothing is asked. */
        Foot(Page page, int firstRow) {
            this("", "", page, firstRow);
        }
    }

    /** What stands between the head and the last lines. */
    enum Page {
        /** A row for each slave. */
        SLAVES,
        /** Who cannot take part or is missing, and why. */
        ABSENT,
        /** What each key does. */
        HELP
    }
}
