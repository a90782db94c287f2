package org.imgblstr.cli.common.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.imgblstr.cli.common.finish.FinishStep;
import org.imgblstr.cli.common.finish.Shortcoming;
import org.imgblstr.cli.common.grow.GrowCheck;
import org.imgblstr.cli.common.grow.GrowStep;
import org.imgblstr.cli.common.identity.Identity;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * What is done with a disk when it is complete.
 *
 * @param grow {@code --grow}: the partition that takes the rest of a longer disk, "" for the last one; null leaves all as it is
 * @param own the identity that it gets
 * @param lack why something else that was asked for will not be done, a clause; "" for nothing
 */
public record Completion(String grow, Identity own, String lack) {
    /** One that lacks nothing. */
    public Completion(String grow, Identity own) {
        this(grow, own, "");
    }

    /**
     * Checks that the image is one of a whole disk, where that is needed.
     *
     * @throws RefusedException exit code 10
     */
    public void check(String path, TrackSpace space) throws RefusedException {
        if (grow != null) {
            GrowCheck.checkWhole(path, space, "--grow");
        }
        if (own.wish().changesDisk()) {
            GrowCheck.checkWhole(path, space, own.wish().option());
        }
    }

    /** Whether a disk grows that is longer than the source. */
    boolean isGrowing() {
        return grow != null;
    }

    List<FinishStep> steps(Disk disk, TrackSpace space, Consumer<String> notes, Consumer<String> warnings) {
        List<FinishStep> steps = new ArrayList<>();
        LongSupplier grown = () -> -1;
        if (grow != null && GrowCheck.isLonger(disk.sizeBytes(), space)) {
            GrowStep growing = new GrowStep(grow, notes);
            steps.add(growing);
            grown = growing::grownFirstByte;
        }
        if (!lack.isEmpty()) {
            steps.add(new Shortcoming(lack));
        }
        Optional<FinishStep> identity = own.step(grown, notes, warnings);
        identity.ifPresent(steps::add);
        return steps;
    }
}
