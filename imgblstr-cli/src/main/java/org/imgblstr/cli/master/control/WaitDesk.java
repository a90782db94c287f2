package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.session.SessionControl.Answer;

/** Answers the requests that come before there is a session, while the run waits for the time of its start. For one thread. */
public final class WaitDesk implements ControlAnswers {
    private final SessionTitle title;
    private final String start;
    private final LongSupplier secondsLeft;
    private final Actions actions;
    private final int slavesWanted;
    private final long plannedNs = System.nanoTime();

    /**
     * What an operator can do meanwhile.
     *
     * @param begin ends the wait
     * @param abort ends the run as Ctrl-C does
     */
    public record Actions(Runnable begin, Runnable abort) {}

    /**
     * Of one run.
     *
     * @param title what its session will be called
     * @param start when it starts, as a person reads it
     * @param secondsLeft to the start
     * @param slavesWanted how many will be awaited; 0 when nobody said
     */
    public WaitDesk(SessionTitle title, String start, LongSupplier secondsLeft, int slavesWanted, Actions actions) {
        this.title = title;
        this.start = start;
        this.secondsLeft = secondsLeft;
        this.slavesWanted = slavesWanted;
        this.actions = actions;
    }

    @Override
    public ControlReply answer(String line) throws IOException {
        ControlRequest request = ControlRequest.parse(line);
        if (request == null) {
            return refuse(ControlDesk.NO_REQUEST);
        }
        String command = request.command();
        return switch (command) {
            case "status" -> request.isText() ? done("status", text()) : ControlReply.of(json());
            case "start" ->
                done("start", "the session opens now and not at " + start + "; slaves can join")
                        .then(actions.begin());
            case "abort" -> done("abort", "the run ends; nothing was written").then(actions.abort());
            case "kick", "pause", "resume", "rate" ->
                refused(
                        command,
                        "the session opens at " + start
                                + ", so it has no slaves yet and sends nothing; imgblstr start opens it now");
            default -> refused(command, "unknown command '" + command + "'");
        };
    }

    @Override
    public ControlReply refuse(Answer why) throws IOException {
        return ControlReply.of(title.id(), "", why);
    }

    private ControlReply done(String command, String text) throws IOException {
        return ControlReply.of(title.id(), command, new Answer(ExitCode.DONE, text));
    }

    private ControlReply refused(String command, String text) throws IOException {
        return ControlReply.of(title.id(), command, new Answer(ExitCode.USAGE, text));
    }

    private String text() {
        return "session " + title + ": waiting for its time, opens at " + start
                + ", in " + Units.seconds(secondsLeft.getAsLong())
                + "; imgblstr start opens it now, imgblstr abort ends the run";
    }

    private String json() throws IOException {
        StatusView view = new StatusView(
                title,
                SessionPhase.SCHEDULED,
                (System.nanoTime() - plannedNs) / 1_000_000_000,
                -1,
                "",
                List.of(),
                List.of());
        Attendance nobody = new Attendance(0, slavesWanted, List.of(), List.of());
        return view.json(new StatusRoom(nobody, secondsLeft.getAsLong(), 0, 0));
    }
}
