package org.imgblstr.cli.slave;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Sealing;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.report.Ticker;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.cli.common.secrets.CodePrompt;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.machine.Privileges;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.session.SlaveListener;
import org.imgblstr.protocol.session.SlaveOptions;
import org.imgblstr.protocol.session.SlaveProgress;
import org.imgblstr.protocol.session.SlaveSession;

/** Listens once, or again and again, and tells what happens. Used once. */
final class SlaveRun implements SlaveListener {
    /** Of the disk, when a session ends before its start. */
    static final String UNTOUCHED = "; nothing was written";

    /** Instead of an exit code: there is another join code to listen with. */
    private static final int ASKED = -1;

    private static final String UNTOUCHED_SINCE = "; nothing was written since the last session ended";

    private final SlaveOptions options;
    private final DiskTargetOpener opener;
    private final DiskIdentity identity;
    private final Setting setting;
    private final Reporter reporter;
    private final Desk desk;
    private volatile SlaveSession session;
    private volatile long bytesImaged;
    private volatile long bytesTotal;
    private volatile boolean isStarted;
    private volatile boolean isCodeWanted;
    private boolean isEndless;
    private String untouched = UNTOUCHED;

    /** Why the session that was heard last could not be taken; "" when it was. */
    private volatile String unsuited = "";

    /**
     * What it is given for its sessions.
     *
     * @param prompt knows what sessions must be sealed with, and asks for the code of one that is sealed otherwise
     * @param needs what may still be to be done when a session has ended
     * @param indices takes the number of this slave in each session that it joins, on any thread
     */
    record Desk(CodePrompt prompt, Set<Privileges.Need> needs, IntConsumer indices) {}

    SlaveRun(
            SlaveOptions options,
            DiskTargetOpener opener,
            DiskIdentity identity,
            Setting setting,
            Reporter reporter,
            Desk desk) {
        this.desk = desk;
        this.options = options;
        this.opener = opener;
        this.identity = identity;
        this.setting = setting;
        this.reporter = reporter;
    }

    /** Returns the exit code of the last session. */
    int run(boolean forever) throws IOException, RefusedException {
        isEndless = forever;
        int code = listen(forever);
        while (code == ASKED) {
            code = listen(forever);
        }
        return code;
    }

    @SuppressWarnings("try") // The registration only has to be closed.
    private int listen(boolean forever) throws IOException, RefusedException {
        int code;
        CodePrompt prompt = desk.prompt();
        try (SlaveSession opened = new SlaveSession(options, opener, this, prompt.seal(), prompt.takesOpen());
                Interruption.Registration registration = setting.interruption().onInterrupt(() -> stop(opened))) {
            session = opened;
            code = once(opened);
            while (forever && isWorthAnother(code)) {
                untouched = UNTOUCHED_SINCE;
                code = once(opened);
            }
        }
        return code;
    }

    /** A complete disk is told to the master as it is, once its last step has ended. */
    private void stop(SlaveSession opened) {
        if (opener.stopFinishing()) {
            setting.interruption().takeTime();
        } else {
            opened.abort();
        }
    }

    /** The session that ended last, in hexadecimal digits. */
    String sessionText() {
        return HexFormat.of().toHexDigits(session.sessionId());
    }

    // The next session would fail too, unless the master failed or the image did not fit.
    private boolean isWorthAnother(int code) {
        return !setting.interruption().isInterrupted()
                && code != ExitCode.DEVICE_FAILED
                && code != ExitCode.NOBODY_ANSWERED;
    }

    @SuppressWarnings("try") // The ticker only has to be closed.
    private int once(SlaveSession opened) throws IOException, RefusedException {
        bytesImaged = 0;
        bytesTotal = 0;
        isStarted = false;
        isCodeWanted = false;
        reporter.session(0);
        SlaveResult result;
        try (Ticker ticker = Ticker.start(this::tell)) {
            result = opened.run();
        } catch (InterruptedException e) {
            // Only the wait for the network is left in this way, and the disk is not open for writing then.
            throw new CliException(ExitCode.INTERRUPTED, e.getMessage() + "; nothing was written", e);
        }
        reporter.newPhase();
        int code = exitCode(result.result());
        if (code == ExitCode.INCOMPLETE && setting.interruption().isInterrupted()) {
            code = ExitCode.INTERRUPTED;
        }
        if (isCodeWanted && desk.prompt().mayAsk() && isAsked(result.message())) {
            return ASKED;
        }
        if (isSaidAgain(code, result.message())) {
            return code;
        }
        reporter.slaveResult(result);
        if (code == ExitCode.DONE) {
            reporter.warnOf(opener.nextStep());
        }
        Summary summary = new Summary(
                code,
                result.seconds(),
                new Summary.Amounts(bytesImaged, result.bytesWritten(), 0),
                List.of(result),
                List.of(),
                List.of(),
                unreadable(opened));
        reporter.summary(summary, lines(result));
        return code;
    }

    /** Whether somebody has typed another code; false when nobody can any more. {@code why}: it is asked for. */
    private boolean isAsked(String why) throws IOException {
        reporter.warning(why);
        try {
            desk.prompt().ask();
            reporter.sealing(Sealing.CODE);
            return true;
        } catch (CliException e) {
            if (e.exitCode() == ExitCode.REFUSED) {
                return false;
            }
            throw e;
        }
    }

    /** Whether a slave that listens for ever hears the same session that it cannot take again: that is said once. */
    private boolean isSaidAgain(int code, String message) {
        boolean isAgain = code == ExitCode.NOT_AUTHENTIC && message.equals(unsuited);
        unsuited = code == ExitCode.NOT_AUTHENTIC ? message : "";
        return isAgain;
    }

    private List<String> lines(SlaveResult result) {
        String last = line(result, identity.path(), options.verification(), isStarted ? "" : untouched);
        String sealing =
                reporter.sealing() == null ? "" : "; " + reporter.sealing().text();
        return isStarted ? List.of(text(result.counters()) + sealing, last) : List.of(last);
    }

    /** What came over the network and how fast the disk was. */
    static String text(SlaveCounters counters) {
        String rate = counters.diskRate() == 0 ? "" : ", disk " + Units.bytesPerSecond((double) counters.diskRate());
        return "network: " + Units.percent(counters.lossRate()) + " of the datagrams lost, "
                + counters.droppedDatagrams() + " of them dropped by this machine, "
                + Units.count(counters.repairedTracks(), "track") + " repaired" + rate;
    }

    private static Unreadable unreadable(SlaveSession ended) {
        UnreadableSectors collected = ended.unreadable();
        return collected == null ? Unreadable.NOTHING : Unreadable.of(collected);
    }

    private void tell(long nowNs) {
        if (isStarted) {
            SlaveProgress now = session.progress().atMost(bytesTotal);
            reporter.progress(Progress.of("writing", now.bytesDone(), bytesTotal, List.of(now)), nowNs);
        }
    }

    /** The exit code of a result. */
    static int exitCode(SlaveResult.Result result) {
        return switch (result) {
            case COMPLETE -> ExitCode.DONE;
            case INCOMPLETE, TOO_SLOW, VERIFY_FAILED -> ExitCode.INCOMPLETE;
            case DISK_ERROR -> ExitCode.DEVICE_FAILED;
            case INTERRUPTED, KICKED -> ExitCode.INTERRUPTED;
            case LOST, MASTER_LOST, MASTER_ABORTED -> ExitCode.PEER_LOST;
            case NO_MASTER -> ExitCode.NOBODY_ANSWERED;
            case DOES_NOT_FIT -> ExitCode.DOES_NOT_FIT;
            case REFUSED -> ExitCode.REFUSED;
            case NOT_AUTHENTIC -> ExitCode.NOT_AUTHENTIC;
        };
    }

    /** The last line: "done" where the exit code is 0 and nowhere else. {@code untouched}: what is said of a disk that was not written; "" after the start. */
    static String line(SlaveResult result, String path, Verification verification, String untouched) {
        String verified = verification.readsBack() ? " and verified" : "";
        return exitCode(result.result()) == ExitCode.DONE
                ? "done: " + path + " has every byte, " + Units.bytes(result.bytesWritten()) + " written" + verified
                        + " in " + Units.seconds(Math.round(result.seconds()))
                : "not complete: " + subject(result.message(), path) + result.message() + state(result, untouched);
    }

    /** The disk, unless the message names it first. */
    private static String subject(String message, String path) {
        return message.startsWith(path + " ") || message.startsWith(path + ":") ? "" : path + ": ";
    }

    /** What is on the disk now, where the result does not say it. */
    private static String state(SlaveResult result, String untouched) {
        if (!untouched.isEmpty() && result.bytesWritten() == 0) {
            return untouched;
        }
        return switch (result.result()) {
            case KICKED -> "; the disk is written in part: start imgslave again for the next session";
            case INTERRUPTED, LOST, MASTER_LOST, MASTER_ABORTED, TOO_SLOW ->
                "; the disk is written in part: start imgslave again to complete it";
            default -> "";
        };
    }

    @Override
    public void onOpen() {
        setting.process().dropCapabilities(true);
    }

    @Override
    public void onListening(String interfaceName, String group) {
        setting.process().reduceRights(desk.needs());
        if (unsuited.isEmpty()) {
            reporter.listening(interfaceName, group, identity.path(), options.label());
        }
    }

    @Override
    public void onSeveralSessions(String message) {
        if (message == null) {
            reporter.note("at most one session is announced now: the slave goes on");
        } else {
            reporter.warning(message);
        }
    }

    @Override
    public void onCodeWanted() {
        isCodeWanted = true;
    }

    @Override
    public void onJoined(int slave, SessionImage image, String masterAddress) {
        desk.indices().accept(slave);
        bytesImaged = image.space().totalBytes();
        bytesTotal = image.usedBytes();
        reporter.session(session.sessionId());
        reporter.slaveJoined(session.progress());
        reporter.note("image " + image.label() + ", " + Units.bytes(bytesImaged) + ", " + Units.bytes(bytesTotal)
                + " of it to write, from master " + masterAddress);
        opener.tellAsked();
    }

    @Override
    public void onStarted() {
        isStarted = true;
        setting.process().dropCapabilities(false);
        if (!isEndless && !opener.isAdapting()) {
            // The master has not asked for anything that would need them.
            setting.process().reduceRights(EnumSet.noneOf(Privileges.Need.class));
        }
        reporter.receiving(bytesTotal);
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
