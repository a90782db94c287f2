package org.imgblstr.cli.master.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.NativeLibraries;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.cli.common.target.Consent;
import org.imgblstr.cli.master.job.DiskSource;
import org.imgblstr.cli.master.job.ImageTarget;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.LocalDisk;
import org.imgblstr.cli.master.job.OutputPlace;
import org.imgblstr.cli.master.job.ReadOptions;
import org.imgblstr.cli.master.job.RunOptions;
import org.imgblstr.cli.master.job.Source;
import org.imgblstr.cli.master.remake.RemadeImage;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.pass.FeedCounts;
import org.imgblstr.disk.pass.StoppedException;
import org.imgblstr.disk.safety.SourceHold;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.session.MasterResult;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
import org.imgblstr.protocol.transport.network.InterfaceException;

/**
 * The order of events of one run of any mode: checks everything, says the plan, waits for slaves, pumps the tracks once into all targets,
 * sums up. Used once.
 */
public final class MasterRun {
    private final Job job;
    private final SameCommand command;
    private final boolean isFromMenus;
    private final RunOptions options;
    private final CommonOptions common;
    private final Setting setting;
    private final Reporter reporter;
    private final RunTargets targets;
    private final SupplyMeter supply;

    private ReportFile report = ReportFile.NONE;
    private SourceHold hold;
    private SessionSocket socket;
    private RunProgress progress;
    private Pass pass;
    private MasterResult session;
    private boolean isAgreed;
    private long startedNs;
    private TrackSpace space;
    private long bytesImaged;
    private long bytesTotal;

    /** Of one job. {@code command}: what asks for it. Exit code 2: slaves cannot be asked for what the job wants. */
    public MasterRun(Job job, SameCommand command, RunOptions options, Setting setting, Reporter reporter) {
        this.job = job;
        this.command = command;
        this.options = options;
        this.common = options.common();
        this.isFromMenus = command.isFromMenus() && !common.isYes();
        this.setting = setting;
        this.reporter = reporter;
        this.supply = new SupplyMeter(job.mode().writesImage() ? "image" : "disk");
        this.targets = new RunTargets(job, options, setting, reporter);
    }

    /** Runs. Returns an exit code; whatever ends the run early is thrown. */
    public int run() throws Exception {
        startedNs = System.nanoTime();
        targets.checkMemory();
        if (job.mode().broadcasts()) {
            common.sessionName();
            NativeLibraries.load();
        }
        try (Source source = openSource();
                LocalDisk local = ownDisk(source)) {
            if (job.mode().writesImage()) {
                OutputPlace.check(job.image(), "image", job.disk(), common.isForced());
                ImageTarget.remarks(job.image(), job, bytesTotal).forEach(reporter::warning);
            }
            if (local != null) {
                local.warnings().forEach(reporter::warning);
            }
            checkStart();
            reporter.plan(targets.plan(source, local), common.isPlanOnly());
            if (command.isFromMenus()) {
                reporter.note("the same by one command: " + command.text());
                job.additions(options.broadcast().secrets().isOpen()).ifPresent(reporter::note);
            }
            if (common.isPlanOnly()) {
                return ExitCode.DONE;
            }
            agree(local);
            isAgreed = true;
            bytesTotal = targets.prepare(source);
            StartTime time = new StartTime(options.start(), Clock.systemUTC());
            openSocket(time);
            time.await(setting, reporter);
            startedNs = System.nanoTime();
            return transfer(source, local);
        } catch (StoppedException e) {
            throw sumUp(new CliException(ExitCode.INTERRUPTED, "interrupted" + targets.whenStopped(), e));
        } catch (Exception e) {
            throw sumUp(e);
        } catch (Error e) {
            throw sumUp(e);
        } finally {
            if (socket != null) {
                socket.close();
            }
            if (hold != null) {
                hold.close();
            }
        }
    }

    /** Whoever asks for the session finds it from now on, also while it waits for its time. */
    private void openSocket(StartTime time) {
        if (job.mode().broadcasts()) {
            socket = new SessionSocket(common.sessionName(), setting, reporter);
            reporter.session(socket.sessionId());
            Broadcast.Code.of(options.broadcast()).show(reporter);
            if (time.isSet()) {
                socket.open(time, options.broadcast().slavesWanted());
            }
        }
    }

    /**
     * The last of all checks: whoever is told that nobody can press Enter, or is asked something, has named disks and files that will do.
     *
     * @throws CliException exit code 2: nothing says when the session starts
     * @throws InterfaceException when there is no such interface, or the choice is not clear
     */
    private void checkStart() throws InterfaceException {
        if (job.mode().broadcasts() && !common.isPlanOnly()) {
            options.broadcast().checkStart(setting.streams().canAsk()).ifPresent(reporter::note);
            InterfaceChooser.check(common.interfaceName());
        }
    }

    private void agree(LocalDisk local) throws IOException, RefusedException {
        if (job.mode().writesImage()) {
            boolean isAgreed = isFromMenus || common.isYes() || common.isForced();
            ImageTarget.agree(job.image(), bytesTotal, isAgreed, common.isYes(), setting);
        }
        if (isFromMenus && !new Questions(setting).yes("Begin?")) {
            throw CliException.refused("nothing was written: the answer was no");
        }
        options.image().readForNew(setting);
        if (local != null && !isFromMenus) {
            Consent.toOverwrite(local.identity(), local.what(), common, setting);
        }
    }

    /** Notes how much the source has; null when this run writes no disk of this machine. */
    private LocalDisk ownDisk(Source source) throws IOException, RefusedException {
        space = source.space();
        bytesImaged = space.totalBytes();
        bytesTotal = source.usedBytes();
        targets.checkAsked(source);
        return job.mode().writesDisk() ? LocalDisk.take(job, source, common.isForced(), !common.isPlanOnly()) : null;
    }

    private Source openSource() throws Exception {
        Path reportFile = options.broadcast().report();
        if (reportFile != null) {
            checkReport(reportFile);
        }
        report = common.isPlanOnly() ? ReportFile.NONE : new ReportFile(reportFile, common.isForced());
        report.remark().ifPresent(reporter::note);
        if (job.mode().readsImage()) {
            return RemadeImage.open(job, options.image().access(setting), reporter::warning);
        }
        hold = SourceHold.take(job.disk(), common.isForced());
        hold.warnings().forEach(reporter::warning);
        ReadOptions read = options.read();
        String whyAll = read.whyAll(hold.warnings());
        return DiskSource.open(job.disk(), job.partitions(), read, whyAll, setting.interruption());
    }

    private void checkReport(Path file) throws IOException, RefusedException {
        options.broadcast().checkReport(file, job, common.isForced());
    }

    /** Whether the source is what it was when the pass began, as far as can be known. A forced run has accepted that it is not. */
    private boolean isSourceAsItWas() {
        String change = hold == null ? "" : hold.change();
        if (!change.isEmpty()) {
            reporter.warning(change);
        }
        return change.isEmpty() || !hold.warnings().isEmpty();
    }

    private int transfer(Source source, LocalDisk local) throws Exception {
        try (targets) {
            targets.open(
                    source,
                    local,
                    bytesTotal,
                    new Broadcast.Desk(
                            socket,
                            name -> report.choose(name, this::checkReport),
                            report::name,
                            supply,
                            Broadcast.Code.of(options.broadcast())));
            progress = new RunProgress(space, bytesTotal, targets.broadcast());
            if (job.mode().broadcasts()) {
                return serve(source);
            }
            startedNs = System.nanoTime();
            reporter.started(0, bytesTotal);
            targets.begin();
            try (Pass begun = begin(source)) {
                return awaitEnd(begun);
            }
        }
    }

    private int serve(Source source) throws Exception {
        Broadcast slaves = targets.broadcast();
        Pass begun = null;
        try {
            // Before slaves have joined, so that there is something to send when they have. But nothing is written
            // before: a disk waits, an image file is not begun.
            if (!job.mode().writesImage()) {
                begun = begin(source);
            }
            slaves.awaitStart();
            startedNs = System.nanoTime();
            targets.begin();
            if (begun == null) {
                begun = begin(source);
            }
            return awaitEnd(begun);
        } catch (Exception | Error e) {
            Exception cause = Pass.causeOf(e, begun);
            slaves.abort(Failures.exitCode(cause));
            session = slaves.awaitResult();
            // A pass that waits for the own disk would never end.
            targets.stopDisk();
            throw cause;
        } finally {
            if (begun != null) {
                begun.close();
            }
        }
    }

    private Pass begin(Source source) {
        Broadcast slaves = targets.broadcast();
        return Pass.start(
                source.feed(targets.demand()),
                targets.sinks(source),
                () -> setting.interruption().isInterrupted() || targets.isNobodyLeft(),
                failure -> {
                    if (slaves != null) {
                        slaves.abort(Failures.exitCode(failure));
                    }
                });
    }

    private int awaitEnd(Pass begun) throws Exception {
        pass = begun;
        Optional<FeedCounts> counts;
        try (Watch watch = Watch.of(setting.interruption(), reporter, () -> progress(begun))) {
            counts = awaitPass(begun);
            if (targets.broadcast() != null) {
                catchUp(targets.broadcast(), watch);
            }
        }
        return finish(counts.orElseGet(() -> FeedCounts.none(space)), counts.isPresent());
    }

    private Progress progress(Pass begun) {
        supply.add(begun.awaited());
        return progress.at(begun.bytesDone());
    }

    /** Empty when nobody is left for whom to read on: the results of the slaves say why. */
    private Optional<FeedCounts> awaitPass(Pass begun) throws Exception {
        try {
            return Optional.of(begun.await());
        } catch (StoppedException e) {
            if (setting.interruption().isInterrupted()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void catchUp(Broadcast slaves, Watch watch) throws InterruptedException, StoppedException {
        session = slaves.awaitResult();
        if (!session.isComplete() || session.slaves().isEmpty()) {
            watch.checkStopped();
        }
    }

    private int finish(FeedCounts counts, boolean isAllRead) {
        String lack = targets.finishDisk();
        reporter.warnOf(lack);
        RunResult result = new RunResult(
                job.mode(),
                slaves(),
                areAllThere(),
                isSourceAsItWas(),
                targets.isImageMissing(),
                counts.unreadable().isEmpty(),
                lack.isEmpty());
        Summary ended = new Summary(
                targets.isFinishCut() ? ExitCode.INTERRUPTED : result.exitCode(),
                seconds(),
                result.isAnythingWhole() ? amounts(counts.dataBytes(), isAllRead) : nothing(),
                slaves(),
                targets.refused(),
                missing(),
                Unreadable.of(counts.unreadable()));
        targets.nextSteps(slaves()).forEach(reporter::warnOf);
        Summary summary = report.write(ended, sessionId(), reporter);
        List<String> lines = new ArrayList<>(targets.remarks());
        long bytesDone = Math.min(pass.bytesDone(), bytesTotal);
        lines.addAll(result.lines(summary, job, bytesDone, reporter.sealing(), reporter.resultWidth()));
        reporter.summary(summary, lines);
        return summary.exitCode();
    }

    private long sessionId() {
        return targets.broadcast() == null ? 0 : targets.broadcast().session().sessionId();
    }

    private Summary.Amounts nothing() {
        return new Summary.Amounts(0, 0, session == null ? 0 : session.wireBytes());
    }

    /** {@code isAllRead}: whether the source was read to its end. */
    private Summary.Amounts amounts(long bytesUsed, boolean isAllRead) {
        return new Summary.Amounts(
                bytesImaged, bytesUsed, session == null ? 0 : session.wireBytes(), targets.imageFile(isAllRead));
    }

    private List<SlaveResult> slaves() {
        return session == null ? List.of() : session.slaves();
    }

    private boolean areAllThere() {
        List<SlaveName> joined = slaves().stream().map(SlaveResult::who).toList();
        return joined.size() >= options.broadcast().slavesWanted()
                && options.broadcast().expected(common).missing(joined).isEmpty();
    }

    /** Those on the list that were never heard of: who was refused is named as such. */
    private List<String> missing() {
        Stream<SlaveName> joined = slaves().stream().map(SlaveResult::who);
        Stream<SlaveName> refused = targets.refused().stream().map(RefusedSlave::who);
        return options.broadcast()
                .expected(common)
                .missing(Stream.concat(joined, refused).toList());
    }

    private <T extends Throwable> T sumUp(T failure) {
        if (isAgreed && job.mode().writesDisk()) {
            reporter.warning(OwnDiskEnd.text(job, command.text(), targets.diskState(), failure));
        }
        Summary summary = new Summary(
                Failures.exitCode(failure),
                seconds(),
                amounts(0, false),
                slaves(),
                targets.refused(),
                missing(),
                Unreadable.NOTHING);
        if (session != null) {
            RunResult.slaveLines(summary, reporter.resultWidth()).forEach(reporter::note);
        }
        reporter.failed(report.write(summary, sessionId(), reporter), failure);
        return failure;
    }

    private double seconds() {
        return (System.nanoTime() - startedNs) / 1e9;
    }
}
