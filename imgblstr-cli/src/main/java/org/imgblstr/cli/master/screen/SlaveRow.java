package org.imgblstr.cli.master.screen;

import org.imgblstr.cli.common.report.Pace;
import org.imgblstr.cli.common.terminal.Style;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * A slave on the screen.
 *
 * @param slave where it is
 * @param bytesLeft used bytes that it still lacks
 * @param bytesTotal used bytes of the session
 * @param pace how fast it gets them, and how long until it has all
 */
record SlaveRow(SlaveProgress slave, long bytesLeft, long bytesTotal, Pace pace) {
    /** 0 to 100; 100 only when it has said that it is complete. */
    int percent() {
        if (slave.state().equals("complete")) {
            return 100;
        }
        return bytesTotal <= 0 ? 0 : (int) Math.min(99, 100 * (bytesTotal - bytesLeft) / bytesTotal);
    }

    /** How much it needs the operator: 0 most. */
    int rank() {
        return switch (slave.state()) {
            case "gone" -> 0;
            case "silent" -> 1;
            case "complete" -> 3;
            default -> 2;
        };
    }

    Style style() {
        return switch (slave.state()) {
            case "gone", "silent" -> Style.RED;
            case "complete" -> Style.GREEN;
            default -> slave.lossRate() >= 0.05 ? Style.YELLOW : Style.PLAIN;
        };
    }
}
