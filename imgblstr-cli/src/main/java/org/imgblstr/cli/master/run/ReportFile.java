package org.imgblstr.cli.master.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.report.EventWriter;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.master.job.BroadcastOptions;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.OutputFile;
import org.imgblstr.protocol.contract.ExitCode;

/** The file of {@code --report}: how a session ended, as the summary of its events or as a table. Written once, at the end. */
final class ReportFile {
    /** No report is wanted. */
    static final ReportFile NONE = new ReportFile(null, false);

    private final Path file;
    private final boolean mayReplace;

    /** {@code file}: null for none; {@code mayReplace}: whether a file of that name may be replaced. */
    ReportFile(Path file, boolean mayReplace) {
        this.file = file;
        this.mayReplace = mayReplace;
    }

    /**
     * Writes the report. A run whose report cannot be written has not done all that was asked for.
     *
     * @param sessionId 0 when there was no session
     * @return the summary, with another exit code when the run is done and the report is not written
     */
    Summary write(Summary summary, long sessionId, Reporter reporter) {
        if (file == null) {
            return summary;
        }
        // An interrupt closes the file while it is written.
        boolean isInterrupted = Thread.interrupted();
        try {
            write(BroadcastOptions.isCsv(file) ? csv(summary) : json(summary, sessionId));
            reporter.note("report: " + file);
            return summary;
        } catch (IOException | RefusedException e) {
            reporter.warning("the report is not written: " + Failures.message(e));
            return summary.exitCode() == ExitCode.DONE ? summary.withExitCode(Failures.exitCode(e)) : summary;
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(byte[] bytes) throws IOException, RefusedException {
        try (OutputFile out = OutputFile.create(file, mayReplace, true)) {
            out.put(ByteBuffer.wrap(bytes));
            out.end();
        }
    }

    private static byte[] csv(Summary summary) {
        return SlaveCsv.of(summary).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(Summary summary, long sessionId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EventWriter writer = new EventWriter(bytes, Clock.systemUTC());
        writer.session(sessionId);
        writer.summary(summary);
        return bytes.toByteArray();
    }
}
