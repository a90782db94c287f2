package org.imgblstr.disk.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcessStopTest {
    @Test
    @Timeout(60)
    void aProcessStandsStillUntilSomebodyContinuesIt() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ProcessStopTest.class.getName())
                .redirectErrorStream(true)
                .start();
        while (state(process) != 'T') {
            assertThat(process.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        new ProcessBuilder("kill", "-CONT", "" + process.pid()).start().waitFor();

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("goes on: true");
    }

    /** As in proc(5), stat. */
    private static char state(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    /** The process: without the right to start others. */
    public static void main(String[] args) {
        Privileges.refuse(Set.of());
        System.out.println("goes on: " + ProcessStop.untilContinued());
    }
}
