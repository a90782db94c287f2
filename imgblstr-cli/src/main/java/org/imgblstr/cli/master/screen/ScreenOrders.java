package org.imgblstr.cli.master.screen;

import org.imgblstr.protocol.session.SessionControl.Answer;

/** What keys can bring about. Each answers within a second. */
public interface ScreenOrders {
    /** Starts with the slaves that have joined; with fewer than were wanted only when {@code isSure}. */
    Answer start(boolean isSure);

    /** Who is absent when {@link #start} would be refused only because of that; "" otherwise. */
    String absent();

    /** The session goes on without one slave. {@code who}: its number, label or address. */
    Answer kick(String who);

    /** Pauses the session, or lets it go on when it is paused. */
    Answer pauseOrResume();

    /** {@code text}: a rate as {@code --rate} takes it. */
    Answer rate(String text);

    /** Writes a report to this file when the session ends. */
    Answer report(String file);

    /** Where the report goes as things are; "" when none is wanted. */
    String reportFile();

    /** Ends the run as Ctrl-C does. */
    void quit();
}
