package org.imgblstr.cli.master.run;

import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.Attendance;

/** The line that says who is awaited. */
final class WaitingLine {
    /** What a narrow terminal shows of a line. */
    private static final int WIDTH = 79;

    private WaitingLine() {}

    /**
     * @param room who is there of those that are awaited; as many missing ones are named as fit
     * @param startsInSeconds -1 when no time is set
     * @param hint what the operator can do
     */
    static String of(Attendance room, long startsInSeconds, String hint) {
        String before = "waiting for slaves: ";
        String behind = (startsInSeconds < 0 ? "" : ", starts in " + Units.seconds(startsInSeconds)) + hint;
        return before + room.text(WIDTH - before.length() - behind.length()) + behind;
    }
}
