package org.imgblstr.cli.common.report;

import java.io.PrintStream;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.program.Account;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.common.terminal.OperatorTerminal;
import org.imgblstr.disk.text.Decimals;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * Tells what happens, to a person on standard error and with {@code --json} to a program on standard output. Results go to standard
 * output. Safe for use by several threads.
 */
public final class Reporter {
    private static final int PERCENT_DIGITS = 5;

    private final PrintStream out;
    private final PrintStream err;
    private final StatusLine status;
    private final boolean isLive;
    private final boolean isQuiet;
    private final EventWriter events;
    private RateMeter meter = new RateMeter();
    private boolean isPaused;
    private long lastDone;
    private RemainingTimes remaining = new RemainingTimes();
    private volatile long etaSeconds = -1;
    private volatile Board board;
    private volatile Sealing sealing;

    public Reporter(Streams streams, CommonOptions options, Clock clock) {
        this(streams, options.isQuiet(), options.isJson(), clock);
    }

    public Reporter(Streams streams, boolean isQuiet, boolean isJson, Clock clock) {
        this.out = streams.out();
        this.err = streams.err();
        this.status = new StatusLine(streams.err(), streams.isLive() ? OperatorTerminal::widthOfProcess : null);
        this.isLive = streams.isLive();
        this.isQuiet = isQuiet;
        this.events = isJson ? new EventWriter(streams.out(), clock) : null;
    }

    /** The session that later events belong to. */
    public void session(long id) {
        if (events != null) {
            events.session(id);
        }
    }

    /** How the session of this run is sealed. */
    public void sealing(Sealing how) {
        sealing = how;
        if (events != null) {
            events.sealing(how);
        }
    }

    /** How the session is sealed; null until that is known, and in a run without a session. */
    public Sealing sealing() {
        return sealing;
    }

    /** Whether a screen may take the place of the lines: a person looks at the terminal of this process, and can answer. */
    public boolean canShow(Streams streams) {
        return streams.isLive() && streams.canAsk() && events == null && !isQuiet;
    }

    /** Shows lines on a screen from now on, until the first result. */
    public void show(Board screen) {
        board = screen;
        status.board(screen);
    }

    /** The end of the screen, if there is one: the terminal has its lines again. */
    public void leaveScreen() {
        Board shown = board;
        if (shown != null) {
            status.leaveBoard();
            board = null;
        }
        status.clear();
    }

    /** Columns of the terminal that shows results; 0 when they go elsewhere, or the terminal does not tell. */
    public int resultWidth() {
        boolean isShown = isLive && (events != null || Streams.isResultShown());
        return isShown ? OperatorTerminal.widthOfProcess() : 0;
    }

    /** A line of the result: standard output, unless that is kept for events. */
    public void result(String line) {
        Account.tell(line);
        leaveScreen();
        if (events == null) {
            out.println(line);
        } else if (!isQuiet) {
            err.println(line);
        }
    }

    /** A remark on standard error, unless {@code --quiet}. */
    public void note(String line) {
        Account.tell(line);
        if (!isQuiet) {
            status.line(line);
        }
    }

    /** Shows the join code of a session on standard error, and as an event when {@code isEvent}: it is in no log and no report. */
    public void code(String words, boolean isEvent) {
        status.line("join code: " + words);
        if (events != null && isEvent) {
            events.joinCode(words);
        }
    }

    /** Says what is going to be done; {@code isResult} when that is all that was asked for. */
    public void plan(Plan plan, boolean isResult) {
        if (events != null) {
            events.plan(plan);
        }
        plan.lines().forEach(isResult ? this::result : this::note);
    }

    /**
     * The slave is ready to hear a master. The line is printed even with {@code --quiet}, because scripts that start
     * slaves wait for this line.
     */
    public void listening(String interfaceName, String group, String device, String label) {
        say("listening on " + interfaceName + " for " + group + ", target " + device);
        if (events != null) {
            events.listening(interfaceName, group, device, label);
        }
    }

    public void slaveJoined(SlaveProgress slave) {
        note(text(slave.who(), "joined") + disk(slave.who().machine()));
        if (events != null) {
            events.slaveJoined(slave);
        }
    }

    /** What became of a slave; {@code reason}: a sentence without its subject. */
    public void slaveLeft(SlaveProgress slave, String reason) {
        note(slave.who().describe() + " " + reason);
        if (events != null) {
            events.slaveLeft(slave, reason);
        }
    }

    /** A slave that had left for a while takes part again. */
    public void slaveBack(SlaveProgress slave, String what) {
        note(slave.who().describe() + " " + what);
        if (events != null) {
            events.slaveBack(slave, what);
        }
    }

    /** Printed even with {@code --quiet}: otherwise the operator would not know why a slave is missing. */
    public void slaveRefused(RefusedSlave slave) {
        say(text(slave));
        if (events != null) {
            events.slaveRefused(slave);
        }
    }

    /** A slave that cannot take part, as a line for a person. */
    public static String text(RefusedSlave slave) {
        String who = slave.label().isEmpty() ? slave.address() : slave.label() + " (" + slave.address() + ")";
        return who + " cannot take part: " + slave.reason();
    }

    /** Data flows to this slave; how many others take part is the master's to tell. */
    public void receiving(long bytesTotal) {
        note("started: " + Units.bytes(bytesTotal) + " to receive");
        if (events != null) {
            events.started(1, bytesTotal);
        }
    }

    /** {@code slaves}: how many data flows to. */
    public void started(int slaves, long bytesTotal) {
        note("started: " + Units.bytes(bytesTotal) + (slaves > 0 ? " to " + Units.count(slaves, "slave") : ""));
        if (events != null) {
            events.started(slaves, bytesTotal);
        }
    }

    public void warning(String message) {
        say("warning: " + message);
        if (events != null) {
            events.warning(message);
        }
    }

    /** The same; nothing when {@code message} is "". */
    public void warnOf(String message) {
        if (!message.isEmpty()) {
            warning(message);
        }
    }

    public void slaveResult(SlaveResult result) {
        if (events != null) {
            events.slaveResult(result);
        }
    }

    /** Where the run is; at most 4 a second, by one thread. */
    public void progress(Progress progress, long nowNs) {
        Account.phase(progress.phase());
        long done = progress.bytesTotal() - progress.bytesLeft();
        boolean wasPaused = isPaused;
        isPaused = progress.phase().equals(Words.of(SessionPhase.PAUSED));
        if (done < lastDone || (wasPaused && !isPaused)) {
            // All was sent, and from now on what the last one lacks counts; or a pause, which is no rate, is over.
            meter = new RateMeter();
        }
        lastDone = done;
        meter.add(nowNs, done);
        remaining.add(nowNs, progress, isPaused);
        double rate = meter.rate();
        etaSeconds = remaining.seconds();
        if (events != null) {
            events.progress(progress, rate, etaSeconds);
        }
        Board shown = board;
        if (shown != null) {
            shown.progress(progress, new Pace(rate, etaSeconds), remaining.slaves());
        } else if (!isQuiet) {
            status.status(statusText(progress, rate), nowNs);
        }
    }

    /** A line that is told even with {@code --quiet}. */
    private void say(String line) {
        Account.tell(line);
        status.line(line);
    }

    /** A line that says what is awaited; rewritten in place. */
    public void waiting(String text, long nowNs) {
        if (!isQuiet) {
            status.status(text, nowNs);
        }
    }

    /** Begins a new measure of the rate, for another phase. */
    public void newPhase() {
        status.clear();
        meter = new RateMeter();
        lastDone = 0;
        remaining = new RemainingTimes();
        etaSeconds = -1;
    }

    /** Seconds to the end as they were told last; -1 when nobody knows. Any thread. */
    public long etaSeconds() {
        return etaSeconds;
    }

    /** An event that only one command tells; nothing for a person. */
    public void event(String event, JsonLine.Body body) {
        if (events != null) {
            events.other(event, body);
        }
    }

    /** {@code lines}: the same for a person. */
    public void summary(Summary summary, List<String> lines) {
        leaveScreen();
        if (events != null) {
            events.summary(summary);
        }
        lines.forEach(this::result);
    }

    /** The run has failed: programs hear why and the summary, the person gets one line of error from elsewhere. */
    public void failed(Summary summary, Throwable why) {
        leaveScreen();
        if (events != null) {
            events.warning(Failures.message(why));
            events.summary(summary);
        }
    }

    private static String text(SlaveName who, String what) {
        return "slave " + who.slave() + " " + what + ": " + who.label() + ", " + who.address();
    }

    /** What a slave overwrites, behind a comma; "" when unknown. */
    private static String disk(SlaveMachine machine) {
        String size = machine.bytes() == 0 ? "" : ", " + Units.bytes(machine.bytes());
        return machine.disk().isEmpty() ? size : ", " + machine.disk() + size;
    }

    /** How a slave ended, as a line for a person. */
    public static String text(SlaveResult result) {
        String why = result.message().isEmpty() ? "" : ": " + result.message();
        return result.who().describe() + " " + word(result) + why;
    }

    /** How a slave ended, for a person: {@code complete, not read back}. */
    public static String word(SlaveResult slave) {
        boolean isUnread = slave.result() == SlaveResult.Result.COMPLETE
                && !slave.counters().isReadBack();
        return word(slave.result()) + (isUnread ? ", not read back" : "");
    }

    /** An end of a slave for a person: {@code wrong bytes}. */
    public static String word(SlaveResult.Result result) {
        return Words.of(result);
    }

    /** What matters most stands first: a narrow terminal shows the beginning. Without what is not known yet. */
    private String statusText(Progress progress, double rate) {
        long total = progress.bytesTotal();
        if (total <= 0) {
            return progress.phase();
        }
        long done = total - progress.bytesLeft();
        String percent = percent(100 * progress.share());
        String eta = etaSeconds <= 0 ? "" : "  " + Units.seconds(etaSeconds) + " left";
        String speed = meter.isKnown() && done < total ? "  " + Units.bytesPerSecond(rate) : "";
        return progress.phase() + " " + percent + eta + speed + "  " + Units.bytes(progress.bytesDone()) + " of "
                + Units.bytes(total) + slavesText(progress);
    }

    /** {@code   5.0%}: as wide from 0 to 100. */
    private static String percent(double value) {
        String digits = Decimals.of(value, 1);
        return " ".repeat(Math.max(0, PERCENT_DIGITS - digits.length())) + digits + "%";
    }

    /** Who is waited for, when all was sent once. */
    private static String slavesText(Progress progress) {
        List<SlaveProgress> open =
                progress.slaves().stream().filter(slave -> !slave.isOver()).toList();
        if (open.isEmpty() || progress.slaves().size() < 2) {
            return "";
        }
        String last = open.stream()
                .max(Comparator.comparingLong(slave -> -slave.bytesDone()))
                .map(slave -> slave.who().label())
                .orElse("");
        return "  " + open.size() + " of " + Units.count(progress.slaves().size(), "slave") + " not done, last " + last;
    }
}
