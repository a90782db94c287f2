package org.imgblstr.cli.master.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.OwnProcess;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Ticker;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.terminal.OperatorTerminal;
import org.imgblstr.cli.master.control.ControlDesk;
import org.imgblstr.cli.master.job.BroadcastOptions;
import org.imgblstr.cli.master.screen.LiveScreen;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.session.MasterListener;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.MasterResult;
import org.imgblstr.protocol.session.MasterSession;
import org.imgblstr.protocol.session.SessionControl;
import org.imgblstr.protocol.session.SessionControl.Answer;
import org.imgblstr.protocol.session.SlaveProgress;
import org.imgblstr.protocol.session.TrackRereader;

/** The slaves' side of a run: opens the session, waits for slaves, tells what happens to them. */
final class Broadcast implements AutoCloseable {
    private final MasterSession session;
    private final Reporter reporter;
    private final Setting setting;
    private final MasterOptions.Start start;
    private final AfterCopy.Choice asked;
    private final Interruption.Registration registration;
    private final SessionSocket socket;
    private final long openedNs = System.nanoTime();
    private Interruption.Registration screenLeft = () -> {};
    private boolean isOnScreen;

    /**
     * What the run gives to whoever watches the session.
     *
     * @param socket where it is acted on from another shell
     * @param report takes the name of a report that the operator asks for
     * @param reportFile where the report goes as things are; "" when none is wanted
     * @param supply what is slow when nothing is at hand to send
     * @param code the join code that slaves need
     */
    record Desk(
            SessionSocket socket,
            Function<String, Answer> report,
            Supplier<String> reportFile,
            SupplyMeter supply,
            Code code) {}

    /**
     * The join code that slaves need.
     *
     * @param words "" when there is none
     * @param isEvent whether programs that read the events are told too
     */
    record Code(String words, boolean isEvent) {
        static Code of(BroadcastOptions options) {
            return new Code(options.secrets().code(), options.isCodeShown());
        }

        /** Tells the operator, who may go to the slaves while the session waits for its time. */
        void show(Reporter reporter) {
            if (!words.isEmpty()) {
                reporter.code(words, isEvent);
            }
        }

        @Override
        public String toString() {
            return "hidden";
        }
    }

    private Broadcast(MasterSession session, MasterOptions options, Reporter reporter, Setting setting, Desk desk) {
        this.session = session;
        this.start = options.start();
        this.asked = options.asked();
        this.reporter = reporter;
        this.setting = setting;
        this.registration = setting.interruption().onInterrupt(() -> session.abort(ExitCode.INTERRUPTED));
        this.socket = desk.socket();
        socket.open(new ControlDesk(
                session,
                socket.name(),
                start,
                reporter::etaSeconds,
                desk.supply()::limit,
                setting.interruption()::interrupt));
    }

    /** Opens the sockets and begins to announce. {@code bytesTotal}: what will be sent. */
    static Broadcast open(
            SessionImage image,
            long bytesTotal,
            MasterOptions options,
            TrackRereader rereader,
            Reporter reporter,
            Setting setting,
            Desk desk)
            throws IOException, RefusedException, InterruptedException {
        Listener listener = new Listener(reporter, bytesTotal, options.asked(), setting.process());
        MasterSession session = new MasterSession(desk.socket().sessionId(), image, options, rereader, listener);
        reporter.session(session.sessionId());
        // Before it opens: that may wait for the network.
        Broadcast broadcast = new Broadcast(session, options, reporter, setting, desk);
        broadcast.show(image, desk);
        try {
            session.open();
            return broadcast;
        } catch (IOException | RefusedException | InterruptedException | RuntimeException | Error e) {
            broadcast.close();
            throw e;
        }
    }

    /** Takes the terminal of the operator for the screen of the session, where there is one that can show it. */
    private void show(SessionImage image, Desk desk) {
        OperatorTerminal terminal = reporter.canShow(setting.streams()) ? OperatorTerminal.ofProcess() : null;
        if (terminal == null || terminal.width() == 0 || terminal.height() == 0) {
            return;
        }
        String title = "imgblstr  " + image.label() + "  session " + socket.name() + "  "
                + reporter.sealing().text();
        Runnable quit = setting.interruption()::interrupt;
        LiveScreen.Scene scene = new LiveScreen.Scene(
                new LiveScreen.Title(title, desk.code().words()),
                start,
                session::progress,
                desk.supply()::limit,
                session::refused);
        reporter.show(LiveScreen.show(terminal, scene, new SessionOrders(session, quit, desk)));
        isOnScreen = true;
        screenLeft = setting.interruption().onInterrupt(reporter::leaveScreen);
    }

    /** Whether the session has the whole terminal. */
    boolean isOnScreen() {
        return isOnScreen;
    }

    MasterSession session() {
        return session;
    }

    /** Waits until the session starts; Enter starts it too when there is an operator. */
    @SuppressWarnings("try") // The ticker only has to be closed.
    void awaitStart() throws InterruptedException {
        if (start.expected().count() > 0) {
            reporter.note(Units.count(start.expected().count(), "slave") + " expected, as the list of --expect says");
        }
        if (setting.streams().canAsk() && !isOnScreen) {
            startOnEnter();
        }
        boolean isStarted;
        try (Ticker ticker = Ticker.start(this::tellWaiting)) {
            isStarted = session.awaitStart();
        }
        reporter.newPhase();
        setting.interruption().check();
        if (!isStarted) {
            throw new CliException(ExitCode.NOBODY_ANSWERED, whyNobody());
        }
    }

    private String whyNobody() {
        return session.refused().isEmpty()
                ? "no slave has joined in time: is imgslave listening on this network, with the same --group?"
                : "no slave is there in time: "
                        + Units.count(session.refused().size(), "slave")
                        + " cannot take part, as listed above; mend that at these machines, and begin again";
    }

    MasterProgress progress() {
        return session.progress();
    }

    MasterResult awaitResult() throws InterruptedException {
        MasterResult ended = session.awaitResult();
        List<SlaveResult> slaves = ended.slaves().stream().map(asked::told).toList();
        return new MasterResult(ended.sessionId(), ended.wireBytes(), ended.seconds(), slaves, ended.refused());
    }

    /** Tells the slaves that the run has failed. */
    void abort(int exitCode) {
        session.abort(exitCode);
    }

    @Override
    public void close() {
        reporter.leaveScreen();
        screenLeft.close();
        registration.close();
        socket.close();
        session.close();
    }

    private void startOnEnter() {
        Thread thread = new Thread(
                () -> {
                    try {
                        awaitEnter(setting.streams().in());
                    } catch (IOException e) {
                        reporter.warning(
                                "the terminal cannot be read, so Enter starts nothing (--slaves or --wait can): "
                                        + e.getMessage());
                    }
                },
                "operator");
        // Nothing interrupts a read from a terminal: it ends with the program.
        thread.setDaemon(true);
        thread.start();
    }

    /** What was typed before does not count. With fewer slaves than were wanted the operator is asked. */
    private void awaitEnter(BufferedReader in) throws IOException {
        setting.streams().forgetTyped();
        boolean isStarted = false;
        String line = in.readLine();
        while (line != null && !isStarted) {
            boolean isSure = false;
            String absent = session.control().absent();
            if (!absent.isEmpty()) {
                reporter.warning(absent + ": start without them? (yes/no)");
                line = in.readLine();
                isSure = line != null
                        && (line.strip().equals("y") || line.strip().equals("yes"));
            }
            SessionControl.Answer answer = session.control().start(isSure);
            isStarted = answer.isDone();
            if (!isStarted) {
                reporter.warning(answer.text());
            }
            line = isStarted || line == null ? null : in.readLine();
        }
    }

    private void tellWaiting(long nowNs) {
        MasterProgress now = session.progress();
        String hint = setting.streams().canAsk() ? "; press Enter to start" : "";
        long startsIn = start.secondsLeft((nowNs - openedNs) / 1_000_000_000);
        reporter.waiting(WaitingLine.of(now.attendance(start, session.refused()), startsIn, hint), nowNs);
    }

    private record Listener(Reporter reporter, long bytesTotal, AfterCopy.Choice asked, OwnProcess process)
            implements MasterListener {
        @Override
        public void onOpen() {
            process.dropCapabilities(false);
        }

        @Override
        public void onSlaveJoined(SlaveProgress slave) {
            reporter.slaveJoined(slave);
            reporter.warnOf(asked.remark(slave.who()));
        }

        @Override
        public void onSlaveLeft(SlaveProgress slave, String reason) {
            reporter.slaveLeft(slave, reason);
        }

        @Override
        public void onSlaveBack(SlaveProgress slave, String what) {
            reporter.slaveBack(slave, what);
        }

        @Override
        public void onStarted(int slaveCount) {
            reporter.started(slaveCount, bytesTotal);
        }

        @Override
        public void onSlaveResult(SlaveResult result) {
            SlaveResult told = asked.told(result);
            reporter.note(Reporter.text(told));
            reporter.slaveResult(told);
        }

        @Override
        public void onSlaveRefused(RefusedSlave slave) {
            reporter.slaveRefused(slave);
        }

        @Override
        public void onNote(String message) {
            reporter.note(message);
        }

        @Override
        public void onWarning(String message) {
            reporter.warning(message);
        }
    }
}
