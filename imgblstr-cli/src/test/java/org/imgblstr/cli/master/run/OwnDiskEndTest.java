package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.Mode;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.pass.LocalDiskSink.State;
import org.imgblstr.disk.pass.StoppedException;
import org.junit.jupiter.api.Test;

class OwnDiskEndTest {
    private static final Job JOB = new Job(Mode.DOWNLOAD, "/dev/sdz", Path.of("my image.img"), "1,2");
    private static final String COMMAND =
            "imgblstr --download 'my image.img' --disk /dev/sdz --partition 1,2 --trust room.pub";

    @Test
    void aDiskIsUntouchedWrittenInPartOrWhole() {
        var stopped = new StoppedException();
        assertThat(OwnDiskEnd.text(JOB, COMMAND, State.UNTOUCHED, stopped))
                .isEqualTo("/dev/sdz is as it was, nothing was written to it; begin again with: " + COMMAND);
        assertThat(OwnDiskEnd.text(JOB, COMMAND, State.IN_PART, stopped))
                .isEqualTo("/dev/sdz is written in part, so do not use it yet; begin again with: " + COMMAND);
        assertThat(OwnDiskEnd.text(JOB, COMMAND, State.WHOLE, stopped))
                .isEqualTo("/dev/sdz is written in full and needs nothing more");
    }

    @Test
    void theNextStepFollowsFromTheFailure() {
        assertThat(OwnDiskEnd.text(JOB, COMMAND, State.IN_PART, new MalformedImageException("a", 1, "b", "c")))
                .contains("take a sound copy of the image");
        assertThat(OwnDiskEnd.text(JOB, COMMAND, State.IN_PART, new DeviceException("a", 5, null)))
                .contains("take another disk");
        assertThat(OwnDiskEnd.text(JOB, COMMAND, State.IN_PART, null)).endsWith("begin again with: " + COMMAND);
    }
}
