package org.imgblstr.cli.master.screen;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.contract.SessionPhase;

/** The keys that have a use now, for the last line of the screen, and what each does, for the page that {@code ?} shows. */
final class KeyLine {
    /** A line each: the key, then what it does. */
    static final List<String> HELP = List.of(
            "Enter   starts the session; asks first when slaves are missing",
            "k       kicks a slave: type its number, label or address; asks first",
            "p       pauses the session, or resumes it",
            "r       sets the rate: 400M, or auto",
            "a       shows who is absent, and why; again: the slaves",
            "R       names the file of the report (.json or .csv)",
            "arrows  scroll, as do Page Up, Page Down, Home and End",
            "Esc     gives up a question, and shows the slaves",
            "Ctrl-L  draws the screen anew",
            "q       ends the session for all slaves; asks first",
            "Ctrl-C  ends the session for all slaves at once",
            "verifying  this slave has all, and reads it back",
            "silent  nothing was heard of this slave for 1.5 seconds",
            "gone    it has left, or was kicked, without being complete",
            "absent  refused, or missing: awaited and not there");

    private KeyLine() {}

    /** The most important first: a narrow screen shows the beginning. */
    static List<String> of(SessionPhase phase) {
        List<String> keys = new ArrayList<>();
        if (phase == SessionPhase.WAITING || phase == SessionPhase.OPENING) {
            keys.add("Enter start");
        }
        keys.addAll(List.of("? help", "q quit", "k kick"));
        switch (phase) {
            case SENDING, CATCHING_UP -> keys.add("p pause");
            case PAUSED -> keys.add("p resume");
            case SCHEDULED, OPENING, WAITING, READING_BACK, FINISHING, OVER -> {
                // Nothing flows that could be paused.
            }
        }
        keys.addAll(List.of("r rate", "a absent", "R report", "arrows scroll"));
        return keys;
    }
}
