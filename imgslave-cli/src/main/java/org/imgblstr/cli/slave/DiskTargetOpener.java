package org.imgblstr.cli.slave;

import java.util.function.Consumer;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.target.Completion;
import org.imgblstr.cli.common.target.TargetDisk;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.slave.disk.TargetOpener;

/** Lets a session have the disk that the operator named, when the image fits and nothing speaks against it. */
final class DiskTargetOpener implements TargetOpener {
    private final TargetDisk target;
    private final DiskIdentity identity;
    private final Consumer<String> warnings;
    private final Consumer<String> notes;
    private final Ending ending;
    private volatile TrackSpace space;
    private volatile Session session;

    /** What is done in the session whose master has confirmed. */
    private record Session(AfterCopy asked, Completion completion) {}

    /** {@code warnings} takes a sentence for each refusal that {@code --force} overrides; {@code notes} what becomes of a complete disk. */
    DiskTargetOpener(
            TargetDisk target,
            DiskIdentity identity,
            Ending ending,
            Consumer<String> warnings,
            Consumer<String> notes) {
        this.target = target;
        this.identity = identity;
        this.ending = ending;
        this.session = new Session(AfterCopy.NOTHING, ending.own());
        this.warnings = warnings;
        this.notes = notes;
    }

    @Override
    public long deviceBytes() {
        return identity.sizeBytes();
    }

    @Override
    public int sectorBytes() {
        return identity.isBlockDevice() ? identity.sectorBytes() : 0;
    }

    @Override
    public void hold() throws RefusedException, DeviceException {
        target.hold();
    }

    @Override
    public void release() {
        target.release();
    }

    @Override
    public void check(SessionImage image) throws RefusedException, DeviceException {
        take(AfterCopy.NOTHING, ending.own());
        target.check(image.space(), image.requiredBytes()).forEach(warnings);
    }

    /** What the operator has to do once the disk is complete; "" for nothing. */
    String nextStep() {
        TrackSpace written = space;
        return written == null ? "" : target.nextStep(written, true);
    }

    /** Ends what is done with a complete disk; false when nothing of that runs. Any thread. */
    boolean stopFinishing() {
        return target.stopFinishing();
    }

    private void take(AfterCopy asked, Completion completion) {
        session = new Session(asked, completion);
        target.complete(completion);
    }

    /** Says what the master asks for, once the session is joined. */
    void tellAsked() {
        Session joined = session;
        boolean isLonger = GrowCheck.isLonger(identity.sizeBytes(), space);
        String note = ending.note(joined.asked(), joined.completion(), isLonger);
        if (!note.isEmpty()) {
            notes.accept(note);
        }
        ending.warnings(joined.asked(), joined.completion()).forEach(warnings);
    }

    /** Whether something is done with the disk of this session when it is complete. */
    boolean isAdapting() {
        Completion now = session.completion();
        return now.grow() != null || !now.own().wish().isNothing();
    }

    @Override
    public TrackTarget open(SessionImage image) throws RefusedException, DeviceException {
        return open(image, AfterCopy.NOTHING);
    }

    @Override
    public TrackTarget open(SessionImage image, AfterCopy asked) throws RefusedException, DeviceException {
        Completion completion = ending.with(asked);
        completion.check(identity.path(), image.space());
        take(asked, completion);
        space = image.space();
        return target.open(image.space(), image.requiredBytes(), notes, warnings);
    }
}
