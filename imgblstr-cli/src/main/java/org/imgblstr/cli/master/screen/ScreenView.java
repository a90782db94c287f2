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
     * @param showsAbsent whether those who are absent stand in the place of the slaves
     * @param firstRow first row of the table that is shown, from 0; the painter bounds it
     */
    record Foot(String question, boolean showsAbsent, int firstRow) {}
}
