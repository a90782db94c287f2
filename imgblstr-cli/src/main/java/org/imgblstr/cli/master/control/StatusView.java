package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.report.EventWriter;
import org.imgblstr.cli.common.report.JsonLine;
import org.imgblstr.cli.common.report.RateText;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.TextTable;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * What {@code status} tells of a session.
 *
 * @param etaSeconds -1 when nobody knows
 * @param limit what holds the session up; "" when nothing is known
 */
record StatusView(
        SessionTitle session,
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

    /** The object of {@code status --json}. */
    String json(StatusRoom room) throws IOException {
        return JsonLine.of(json -> {
            session.write(json);
            json.writeStringField("phase", phase.word());
            json.writeNumberField("secondsElapsed", secondsElapsed);
            EventWriter.writeKnown(json, "etaSeconds", etaSeconds);
            json.writeStringField("limit", limit.isEmpty() ? null : limit);
            EventWriter.writeNamedSlaves(json, slaves);
            EventWriter.writeRefused(json, refused);
            room.write(json);
        });
    }

    /** Lines for a person. */
    String text(StatusRoom room) {
        List<String> lines = new ArrayList<>();
        lines.add("session " + session + ": " + Words.of(phase)
                + ", " + room.text(phase) + ", open for " + Units.seconds(secondsElapsed)
                + (etaSeconds < 0 ? "" : ", " + Units.seconds(etaSeconds) + " left")
                + (limit.isEmpty() ? "" : ", limited by " + RateText.ofLimit(limit, room.rateBitsPerSecond())));
        TextTable table = new TextTable(">slave", "label", "address", "state", ">done", ">lost");
        for (SlaveProgress slave : slaves) {
            table.row(
                    String.valueOf(slave.who().slave()),
                    slave.who().label(),
                    slave.who().address(),
                    slave.state(),
                    Units.bytes(slave.bytesDone()),
                    Units.percent(slave.lossRate()));
        }
        lines.addAll(table.lines());
        if (!room.there().missing().isEmpty()) {
            lines.add("  missing: " + String.join(", ", room.there().missing()));
        }
        refused.forEach(slave -> lines.add("  " + Reporter.text(slave)));
        return String.join(System.lineSeparator(), lines);
    }
}
