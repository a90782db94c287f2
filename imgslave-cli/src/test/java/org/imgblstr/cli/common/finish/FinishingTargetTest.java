package org.imgblstr.cli.common.finish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Libc;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.partition.TargetPlacement;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.use.WipedTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of what is done with a complete disk. */
class FinishingTargetTest {
    @TempDir
    Path folder;

    private final List<String> calls = new ArrayList<>();

    private FinishingTarget target;

    private class Step implements FinishStep {
        private final String name;
        private final String heldLack;
        private final String freeLack;

        Step(String name, String heldLack, String freeLack) {
            this.name = name;
            this.heldLack = heldLack;
            this.freeLack = freeLack;
        }

        @Override
        public String whileHeld(Disk disk) {
            calls.add(name + " held");
            return heldLack;
        }

        @Override
        public String whenFree(DiskIdentity disk, boolean isWell) {
            calls.add(name + " free" + (isWell ? "" : " after a failure"));
            return freeLack;
        }

        @Override
        public String whenStopped() {
            return name + " was not begun";
        }

        @Override
        public void stop() {
            calls.add(name + " stopped");
        }

        @Override
        public String remark() {
            return name.equals("c") ? "" : name + " did it";
        }
    }

    @Test
    void allThatNeedsTheDiskComesBeforeItIsClosed() throws Exception {
        assertThat(finished(new Step("a", "", ""), new Step("b", "", ""))).isEmpty();
        assertThat(calls).containsExactly("a held", "b held", "a free", "b free");
    }

    @Test
    void aFailureIsToldAndKeptFromNobody() throws Exception {
        String lack = finished(new Step("a", "it broke", ""), new Step("b", "", "it fell"), new Step("c", "", ""));
        assertThat(lack).isEqualTo("every byte of the image is on the disk, but it broke; it fell");
        assertThat(calls)
                .containsExactly(
                        "a held",
                        "b held",
                        "c held",
                        "a free after a failure",
                        "b free after a failure",
                        "c free after a failure");
    }

    /** The second step is interrupted; another process is kept away meanwhile, and no longer. */
    @Test
    void anInterruptLetsNoFurtherStepBegin() throws Exception {
        Step second = new Step("b", "", "") {
            @Override
            public String whenFree(DiskIdentity disk, boolean isWell) {
                assertThat(holder(disk)).isEqualTo(ProcessHandle.current().pid());
                assertThat(target.stop()).isTrue();
                return super.whenFree(disk, isWell);
            }
        };
        String lack = finished(new Step("a", "", ""), second, new Step("c", "", ""));
        assertThat(lack)
                .isEqualTo("every byte of the image is on the disk, but the operator has interrupted: c was not begun;"
                        + " done before: a did it; b did it");
        assertThat(calls).containsExactly("a held", "b held", "c held", "a free", "b stopped", "b free");
        assertThat(target.stop()).isFalse();
        assertThat(holder(Disks.identify(folder.resolve("disk").toString()))).isZero();
    }

    private static long holder(DiskIdentity disk) {
        int fd = Libc.openForReading(Path.of(disk.device()));
        try {
            return Libc.markOf(fd);
        } finally {
            Libc.closeQuietly(fd);
        }
    }

    private String finished(FinishStep... steps) throws Exception {
        Path file = Files.write(folder.resolve("disk"), new byte[1 << 20]);
        Disk disk = Disks.openForWriting(file.toString(), 512, false);
        TrackSpace space = new TrackSpace(Geometry.of(512, 2048), List.of(new Region(0, 0, 2048, "")));
        TargetPlacement placement = TargetPlacement.of(disk, space, 0, "");
        TrackTarget below = WipedTarget.on(disk, space, placement, false);
        try (FinishingTarget opened = new FinishingTarget(below, disk, List.of(steps))) {
            target = opened;
            String lack = target.finish();
            assertThat(target.remark()).isEqualTo("a did it; b did it");
            return lack;
        }
    }
}
