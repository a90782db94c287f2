package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.imgblstr.cli.common.value.BitRateConverter;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.MasterSession;
import org.imgblstr.protocol.session.SessionControl;
import org.imgblstr.protocol.session.SessionControl.Answer;
import org.imgblstr.protocol.session.SessionControl.Standing;

/** Answers the requests that come through the socket of a session. For one thread. */
public final class ControlDesk implements ControlAnswers {
    static final Answer NO_REQUEST =
            new Answer(ExitCode.USAGE, "expected one line with a JSON object, as docs/control.md says");

    private static final Answer NO_RATE =
            new Answer(ExitCode.USAGE, "expected 100000 to 400000000000 bits a second, or 0, which adapts");

    private final MasterSession session;
    private final SessionTitle title;
    private final LongSupplier etaSeconds;
    private final Function<Standing, String> limit;
    private final Runnable onAbort;
    private final MasterOptions.Start start;
    private final long openedNs = System.nanoTime();

    /**
     * Of one session.
     *
     * @param name by which operators know it
     * @param start who is awaited
     * @param etaSeconds seconds to the end; -1 when nobody knows
     * @param limit what holds the session up, as events spell it; "" when nothing is known
     * @param onAbort ends the run as Ctrl-C does
     */
    public ControlDesk(
            MasterSession session,
            String name,
            MasterOptions.Start start,
            LongSupplier etaSeconds,
            Function<Standing, String> limit,
            Runnable onAbort) {
        this.session = session;
        this.title = new SessionTitle(session.sessionId(), name);
        this.start = start;
        this.etaSeconds = etaSeconds;
        this.limit = limit;
        this.onAbort = onAbort;
    }

    @Override
    public ControlReply answer(String line) throws IOException {
        ControlRequest request = ControlRequest.parse(line);
        if (request == null) {
            return reply("", NO_REQUEST);
        }
        SessionControl control = session.control();
        return switch (request.command()) {
            case "status" -> ControlReply.of(status(request.isText()));
            case "start" -> reply(request.command(), control.start(request.isYes()));
            case "kick" -> reply(request.command(), control.kick(request.who()));
            case "pause" -> reply(request.command(), control.pause());
            case "resume" -> reply(request.command(), control.resume());
            case "rate" ->
                reply(
                        request.command(),
                        BitRateConverter.isRate(request.bits()) ? control.rate(request.bits()) : NO_RATE);
            case "abort" ->
                reply("abort", new Answer(ExitCode.DONE, "the session ends; slaves are told"))
                        .then(onAbort);
            default ->
                reply(request.command(), new Answer(ExitCode.USAGE, "unknown command '" + request.command() + "'"));
        };
    }

    @Override
    public ControlReply refuse(Answer why) throws IOException {
        return reply("", why);
    }

    private ControlReply reply(String command, Answer answer) throws IOException {
        return ControlReply.of(session.sessionId(), command, answer);
    }

    private String status(boolean isText) throws IOException {
        MasterProgress progress = session.progress();
        Standing standing = progress.standing();
        boolean isMoving = standing.phase() == SessionPhase.SENDING || standing.phase() == SessionPhase.CATCHING_UP;
        StatusView view = new StatusView(
                title,
                standing.phase(),
                (System.nanoTime() - openedNs) / 1_000_000_000,
                isMoving ? etaSeconds.getAsLong() : -1,
                limit.apply(standing),
                progress.slaves(),
                session.refused());
        StatusRoom room = StatusRoom.of(start, progress, view.refused(), view.secondsElapsed());
        if (isText) {
            return reply("status", new Answer(ExitCode.DONE, view.text(room))).line();
        }
        return view.json(room);
    }
}
