package org.imgblstr.cli.master.control;

import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * What {@code status} tells of a session.
 *
 * @param session id in hex
 * @param etaSeconds -1 when nobody knows
 * @param limit what holds the session up; "" when nothing is known
 */
record StatusView(
        String session,
        SessionPhase phase,
        long secondsElapsed,
        long etaSeconds,
        String limit,
        List<SlaveProgress> slaves,
        List<RefusedSlave> refused) {
    StatusView {
        slaves = List.copyOf(slaves);
        refused = List.copyOf(refused);
    }

    /** Lines for a person. */
    String text() {
        StringBuilder text = new StringBuilder("session " + session + ": "
                + phase.word().replace('-', ' ')
                + ", " + Units.count(slaves.size(), "slave") + ", open for " + Units.seconds(secondsElapsed)
                + (etaSeconds < 0 ? "" : ", " + Units.seconds(etaSeconds) + " left")
                + (limit.isEmpty() ? "" : ", held up by " + limit.replace("slave:", "slave ")));
        if (!slaves.isEmpty()) {
            text.append(String.format(
                    "%n  %5s  %-20s %-15s %-10s %10s %8s", "slave", "label", "address", "state", "done", "lost"));
        }
        for (SlaveProgress slave : slaves) {
            text.append(String.format(
                    "%n  %5d  %-20s %-15s %-10s %10s %8s",
                    slave.who().slave(),
                    slave.who().label(),
                    slave.who().address(),
                    slave.state(),
                    Units.bytes(slave.bytesDone()),
                    Units.percent(slave.lossRate())));
        }
        return text
                + refused.stream()
                        .map(slave -> String.format(
                                "%n  %s (%s) cannot take part: %s", slave.label(), slave.address(), slave.reason()))
                        .collect(Collectors.joining());
    }
}
