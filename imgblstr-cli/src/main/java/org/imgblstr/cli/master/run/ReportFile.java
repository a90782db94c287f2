package org.imgblstr.cli.master.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.report.EventWriter;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Sealing;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.master.job.BroadcastOptions;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.OutputFile;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.session.SessionControl.Answer;

/** The file of {@code --report}: how a session ended, as the summary of its events or as a table. Written once, at the end. */
final class ReportFile {
    /** No report is wanted. */
    static final ReportFile NONE = new ReportFile(null, false);

    private final boolean mayReplace;
    private volatile Path file;

    /** {@code file}: null for none; {@code mayReplace}: whether a file of that name is replaced; else it is kept, and the report gets a number. */
    ReportFile(Path file, boolean mayReplace) {
        this.file = file;
        this.mayReplace = mayReplace;
    }

    /** The file as the operator named it; "" when no report is wanted. Any thread. */
    String name() {
        Path chosen = file;
        return chosen == null ? "" : chosen.toString();
    }

    /** Refuses a file that cannot become the report. */
    interface Check {
        void check(Path chosen) throws IOException, RefusedException;
    }

    /** The operator asks for a report while the session runs. Any thread. */
    Answer choose(String name, Check check) {
        try {
            Path chosen = Path.of(name).toAbsolutePath();
            check.check(chosen);
            file = chosen;
            return new Answer(ExitCode.DONE, "the report is written to " + place(chosen) + " at the end");
        } catch (IOException | RefusedException | RuntimeException e) {
            return new Answer(ExitCode.USAGE, "no report: " + Failures.message(e));
        }
    }

    /**
     * Writes the report. A run whose report cannot be written has not done all that was asked for.
     *
     * @param sessionId 0 when there was no session
     * @return the summary, with another exit code when the run is done and the report is not written
     */
    Summary write(Summary summary, long sessionId, Reporter reporter) {
        Path chosen = file;
        if (chosen == null) {
            return summary;
        }
        // An interrupt closes the file while it is written.
        boolean isInterrupted = Thread.interrupted();
        try {
            Path place = place(chosen);
            write(place, BroadcastOptions.isCsv(chosen) ? csv(summary) : json(summary, sessionId, reporter.sealing()));
            reporter.note("report: " + place + (place.equals(chosen) ? "" : " (an older one is kept: " + chosen + ")"));
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

    /** What the operator should know before the run; empty when the report gets the name that was given. */
    Optional<String> remark() {
        Path chosen = file;
        Path place = chosen == null ? null : place(chosen);
        return Objects.equals(place, chosen)
                ? Optional.empty()
                : Optional.of(chosen + " exists already and is kept: the report will be " + place
                        + " (--force replaces the old one)");
    }

    /** The name itself, or with the first number that makes it free: {@code room.2.csv}. */
    private Path place(Path chosen) {
        Path place = chosen;
        String name = String.valueOf(chosen.getFileName());
        int ending = name.lastIndexOf('.');
        for (int number = 2; !mayReplace && Files.exists(place, LinkOption.NOFOLLOW_LINKS); number++) {
            place = chosen.resolveSibling(name.substring(0, ending) + "." + number + name.substring(ending));
        }
        return place;
    }

    private void write(Path chosen, byte[] bytes) throws IOException, RefusedException {
        try (OutputFile out = OutputFile.create(chosen, mayReplace, true)) {
            out.put(ByteBuffer.wrap(bytes));
            out.end();
        }
    }

    private static byte[] csv(Summary summary) {
        return SlaveCsv.of(summary).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(Summary summary, long sessionId, Sealing sealing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EventWriter writer = new EventWriter(bytes, Clock.systemUTC());
        writer.session(sessionId);
        writer.sealing(sealing);
        writer.summary(summary);
        return bytes.toByteArray();
    }
}
