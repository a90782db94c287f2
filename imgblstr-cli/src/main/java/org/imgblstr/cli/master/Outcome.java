package org.imgblstr.cli.master;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.ExitCode;
import org.imgblstr.cli.common.Reporter;
import org.imgblstr.cli.common.Summary;
import org.imgblstr.cli.common.Units;
import org.imgblstr.protocol.contract.SlaveResult;

/** What the last line says. */
final class Outcome {
    private Outcome() {}

    /** What exit code and words go by: the session has compared its content digest with the master's. */
    static boolean isComplete(SlaveResult slave) {
        return slave.result() == SlaveResult.Result.COMPLETE;
    }

    /** The slaves that are not complete, then what was done. */
    static List<String> lines(Summary summary, Job job) {
        List<String> lines = new ArrayList<>();
        for (SlaveResult slave : summary.slaves()) {
            if (!isComplete(slave)) {
                lines.add("  " + Reporter.text(slave));
            }
        }
        summary.refused().forEach(slave -> lines.add("  " + Reporter.text(slave)));
        lines.add(line(summary, job));
        return lines;
    }

    private static String line(Summary summary, Job job) {
        List<String> parts = new ArrayList<>();
        parts.add(Units.bytes(summary.bytesImaged()) + " imaged, " + Units.bytes(summary.bytesUsed()) + " of it data");
        if (summary.wireBytes() > 0) {
            parts.add(Units.bytes(summary.wireBytes()) + " sent");
        }
        parts.add(
                "in " + Units.seconds(Math.round(summary.seconds())) + ", " + Units.bytesPerSecond(summary.goodput()));
        if (job.mode().broadcasts()) {
            long complete =
                    summary.slaves().stream().filter(Outcome::isComplete).count();
            parts.add(complete + " of " + Units.count(summary.slaves().size(), "slave") + " complete");
        }
        if (!summary.unreadable().isNothing()) {
            parts.add("unreadable and zeros now: " + summary.unreadable().text());
        }
        return (summary.exitCode() == ExitCode.DONE ? "done: " : "incomplete: ") + String.join(", ", parts);
    }
}
