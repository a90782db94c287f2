package org.imgblstr.disk.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.SystemUse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are complete, and worked on by another process. */
class AfterHoldTest {
    private static final String READY = "ready";

    @TempDir
    Path folder;

    /** Holds the disk that is named and says so, until it is killed or its input ends. */
    static final class Other {
        private Other() {}

        public static void main(String[] words) throws Exception {
            AfterHold.of(Disks.identify(words[0]));
            System.out.println(READY);
            System.in.read();
        }
    }

    @Test
    @Timeout(60)
    void anotherProcessIsNamedByAnyPathUntilItIsKilled() throws Exception {
        Path file = Files.write(folder.resolve("disk"), new byte[1 << 20]);
        Path link = Files.createLink(folder.resolve("other"), file);
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo(READY);
            for (Path each : new Path[] {file, link}) {
                assertThat(AfterHold.elsewhere(each.toString()))
                        .extracting(SystemUse::kind, SystemUse::where)
                        .containsExactly(tuple(SystemUse.Kind.FINISHING, "process " + other.pid() + " (java)"));
            }
            // The process itself writes a table while it holds the disk.
            try (Disk disk = Disks.openForWriting(file.toString())) {
                assertThat(disk.sizeBytes()).isEqualTo(1 << 20);
            }
        } finally {
            other.destroyForcibly();
        }
        assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(AfterHold.elsewhere(file.toString())).isEmpty();
    }

    @Test
    void whatThisProcessHoldsIsNoUseOfAnother() throws Exception {
        Path file = Files.write(folder.resolve("disk"), new byte[1 << 20]);
        AfterHold hold = AfterHold.of(Disks.identify(file.toString()));
        assertThat(AfterHold.elsewhere(file.toString())).isEmpty();
        hold.close();
    }
}
