package org.imgblstr.cli.slave;

import java.time.Duration;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.PlainText;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.session.SlaveListener;
import org.imgblstr.protocol.slave.disk.TargetOpener;

/**
 * Why this machine cannot be a slave although a master may be waiting for it: its disk cannot be opened, is in use, or may not be overwritten.
 * A master that announces a session now is told, so that its operator sees who is missing, and why. Takes part in nothing.
 */
record Excuse(String reason) implements TargetOpener, SlaveListener {
    /** A master announces every 500 ms. */
    private static final Duration OPEN_PATIENCE = Duration.ofMillis(700);

    /** The keys come first: another RSVP, its answer and an announcement, each of which may be lost once. */
    private static final Duration SEALED_PATIENCE = Duration.ofMillis(1_500);

    /** How long a master is awaited that could be told. */
    static Duration patience(boolean isSealed) {
        return isSealed ? SEALED_PATIENCE : OPEN_PATIENCE;
    }

    /** Whether a failure of the program's start is worth to be told: it is of the disk, or nobody agreed to overwrite that. */
    static boolean isDueFor(int exitCode) {
        return switch (exitCode) {
            case ExitCode.USAGE, ExitCode.DOES_NOT_FIT, ExitCode.DEVICE_FAILED, ExitCode.REFUSED -> true;
            default -> false;
        };
    }

    Excuse {
        reason = PlainText.of(reason);
    }

    @Override
    public boolean isUsable() {
        return false;
    }

    @Override
    public long deviceBytes() {
        return 0;
    }

    @Override
    public int sectorBytes() {
        return 0;
    }

    @Override
    public void check(SessionImage image) throws RefusedException {
        throw new RefusedException(RefusedException.Reason.UNSAFE, reason);
    }

    @Override
    public TrackTarget open(SessionImage image) throws RefusedException, DeviceException {
        throw new IllegalStateException("nobody confirms a slave that cannot take part");
    }

    // ---- what happens is of no interest: the program ends with the failure that it began with

    @Override
    public void onListening(String interfaceName, String group) {}

    @Override
    public void onSeveralSessions(String message) {}

    @Override
    public void onJoined(int slave, SessionImage image, String masterAddress) {}

    @Override
    public void onStarted() {}

    @Override
    public void onNote(String message) {}

    @Override
    public void onWarning(String message) {}
}
