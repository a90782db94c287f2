package org.imgblstr.cli.master.run;

import java.util.function.Supplier;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Ticker;
import org.imgblstr.disk.pass.StoppedException;

/** Progress and interruption of one phase of a run. */
public final class Watch implements AutoCloseable {
    private final Interruption interruption;
    private final Reporter reporter;
    private final Ticker ticker;
    private final Supplier<Progress> progress;
    private volatile long doneBytes;
    private volatile long totalBytes;

    private Watch(Interruption interruption, Reporter reporter, Supplier<Progress> progress, String phase) {
        this.interruption = interruption;
        this.reporter = reporter;
        this.progress = progress == null ? () -> Progress.of(phase, doneBytes, totalBytes) : progress;
        this.ticker = Ticker.start(this::tell);
    }

    /** Watches something that tells its progress when asked. */
    static Watch of(Interruption interruption, Reporter reporter, Supplier<Progress> progress) {
        return new Watch(interruption, reporter, progress, "");
    }

    /** Watches something that calls {@link #onFileProgress}. */
    public static Watch ofFile(Interruption interruption, Reporter reporter, String phase) {
        return new Watch(interruption, reporter, null, phase);
    }

    /** Of a file: {@code done} of {@code total} bytes. Any thread. */
    public void onFileProgress(long done, long total) {
        totalBytes = total;
        doneBytes = done;
    }

    /** Whether the operator has interrupted the run. Any thread. */
    public boolean isStopped() {
        return interruption.isInterrupted();
    }

    void checkStopped() throws StoppedException {
        if (isStopped()) {
            throw new StoppedException();
        }
    }

    private void tell(long nowNs) {
        reporter.progress(progress.get(), nowNs);
    }

    /** Tells the progress a last time. */
    @Override
    public void close() {
        ticker.close();
        tell(System.nanoTime());
        reporter.newPhase();
    }
}
