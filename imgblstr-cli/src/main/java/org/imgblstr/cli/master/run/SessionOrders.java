package org.imgblstr.cli.master.run;

import org.imgblstr.cli.common.value.BitRateConverter;
import org.imgblstr.cli.master.screen.ScreenOrders;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.session.MasterSession;
import org.imgblstr.protocol.session.SessionControl.Answer;
import picocli.CommandLine.TypeConversionException;

/** What keys bring about in a session. Any thread. */
final class SessionOrders implements ScreenOrders {
    private final MasterSession session;
    private final Runnable onQuit;
    private final Broadcast.Desk desk;

    /**
     * Of one session.
     *
     * @param onQuit ends the run as Ctrl-C does
     * @param desk keeps the name of the report
     */
    SessionOrders(MasterSession session, Runnable onQuit, Broadcast.Desk desk) {
        this.session = session;
        this.onQuit = onQuit;
        this.desk = desk;
    }

    @Override
    public Answer start(boolean isSure) {
        return session.control().start(isSure);
    }

    @Override
    public String absent() {
        return session.control().absent();
    }

    @Override
    public Answer kick(String who) {
        return session.control().kick(who);
    }

    @Override
    public Answer pauseOrResume() {
        boolean isPaused = session.progress().standing().phase() == SessionPhase.PAUSED;
        Answer answer =
                isPaused ? session.control().resume() : session.control().pause();
        // What is known of the session may be a moment old.
        return answer.isDone() || !isPaused ? answer : session.control().pause();
    }

    @Override
    public Answer rate(String text) {
        try {
            return session.control().rate(new BitRateConverter().convert(text));
        } catch (TypeConversionException e) {
            return new Answer(ExitCode.USAGE, e.getMessage());
        }
    }

    @Override
    public Answer report(String file) {
        return desk.report().apply(file);
    }

    @Override
    public String reportFile() {
        return desk.reportFile().get();
    }

    @Override
    public void quit() {
        onQuit.run();
    }
}
