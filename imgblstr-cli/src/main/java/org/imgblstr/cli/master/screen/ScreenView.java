package org.imgblstr.cli.master.screen;

import java.util.List;

/**
 * What the screen shows, at one moment.
 *
 * @param head the session
 * @param slaves worst first
 * @param absent who cannot take part or is missing, a line each
 * @param events what was said lately, newest last
 * @param foot what the operator does with it
 */
record ScreenView(SessionHead head, List<SlaveRow> slaves, List<String> absent, List<String> events, Foot foot) {
    ScreenView {
        slaves = List.copyOf(slaves);
        absent = List.copyOf(absent);
        events = List.copyOf(events);
    }

    /**
     * What the operator does with the screen.
     *
     * @param question that waits for an answer, with what was typed so far; "" for none
     * @param page what stands between the head and the last lines
     * @param firstRow first row of the page that is shown, from 0; the painter bounds it
     */
    record Foot(String question, Page page, int firstRow) {}

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
