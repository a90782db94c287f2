package org.imgblstr.cli.slave;

import java.util.function.Consumer;
import org.imgblstr.cli.common.target.TargetDisk;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.slave.disk.TargetOpener;

/** Lets a session have the disk that the operator named, when the image fits and nothing speaks against it. */
final class DiskTargetOpener implements TargetOpener {
    private final TargetDisk target;
    private final DiskIdentity identity;
    private final Consumer<String> warnings;
    private final Consumer<String> notes;
    private volatile TrackSpace space;

    /** {@code warnings} takes a sentence for each refusal that {@code --force} overrides; {@code notes} what becomes of a complete disk. */
    DiskTargetOpener(TargetDisk target, DiskIdentity identity, Consumer<String> warnings, Consumer<String> notes) {
        this.target = target;
        this.identity = identity;
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
        target.check(image.space(), image.requiredBytes()).forEach(warnings);
    }

    /** What the operator has to do once the disk is complete; "" for nothing. */
    String nextStep() {
        TrackSpace written = space;
        return written == null ? "" : target.nextStep(written);
    }

    @Override
    public TrackTarget open(SessionImage image) throws RefusedException, DeviceException {
        space = image.space();
        return target.open(image.space(), image.requiredBytes(), notes, warnings);
    }
}
